// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.evidence.ContainerEvidence;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds an {@link IdentityFilter}. Not thread-safe; one builder gives any number of filters. */
public final class IdentityFilterBuilder {
  private final ServiceIdentity identity;
  private PathRules rules = PathRules.none();
  private Roles roles = Roles.none();
  private @Nullable RequestEvidence evidence;
  private @Nullable String developerProfile;

  IdentityFilterBuilder(ServiceIdentity identity) {
    this.identity = Objects.requireNonNull(identity, "identity");
  }

  /**
   * What is particular to some paths.
   *
   * @param particular the rules; without this call every path is as the identity demands
   * @return this builder
   */
  public IdentityFilterBuilder rules(PathRules particular) {
    this.rules = Objects.requireNonNull(particular, "particular");
    return this;
  }

  /**
   * How to read what a request brings, where it is not {@code
   * ContainerEvidence.detecting(identity)}: behind a proxy that ends TLS, or in another container.
   *
   * @param reader reads addresses, field lines, TLS session and channel bindings; the filter adds
   *     method and path
   * @return this builder
   */
  public IdentityFilterBuilder evidence(RequestEvidence reader) {
    this.evidence = Objects.requireNonNull(reader, "reader");
    return this;
  }

  /**
   * Who has which role.
   *
   * @param mapping the roles; without this call nobody has any
   * @return this builder
   */
  public IdentityFilterBuilder roles(Roles mapping) {
    this.roles = Objects.requireNonNull(mapping, "mapping");
    return this;
  }

  /**
   * Tells refused callers the whole explanation, which names pods, policies and principals, as the
   * member {@code explanation} of the answer. For a developer's own machine alone: the filter warns
   * of it when it starts.
   *
   * @param name what the profile is called, for the warning
   * @return this builder
   * @throws IllegalArgumentException if the name is blank
   */
  public IdentityFilterBuilder developerProfile(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A developer profile has a name");
    }
    this.developerProfile = name;
    return this;
  }

  /**
   * The filter, to be registered for all dispatches; see {@link IdentityFilter#register}.
   *
   * @return a filter that does not own the identity: who opened it closes it
   */
  public IdentityFilter build() {
    return new IdentityFilter(terms());
  }

  Door.Terms terms() {
    RequestEvidence reader = evidence == null ? ContainerEvidence.detecting(identity) : evidence;
    return new Door.Terms(identity, reader, rules, roles, developerProfile);
  }
}
