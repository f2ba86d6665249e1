// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.identity.MechanismName;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of request needs beside what the service demands of all, such as those to one path.
 *
 * <pre>{@code
 * AccessRule reports = AccessRule.usual()
 *     .require(MechanismName.KERBEROS)
 *     .allow(AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE"));
 * AccessDecision decision = identity.admit(evidence, reports);
 * }</pre>
 *
 * <p>It narrows: whoever it allows must be allowed by the service, too. The one thing that it can
 * loosen is how strictly the layers BINDING and NETWORK are enforced, until an instant that must be
 * given.
 *
 * <p>Each method that takes a part returns a new value with that part. Immutable and thread-safe.
 */
public final class AccessRule {
  private static final AccessRule USUAL = new AccessRule(Set.of(), null, Enforcement.enforce());

  private final Set<MechanismName> required;
  private final @Nullable AllowedCallers allowed;
  private final Enforcement enforcement;

  private AccessRule(
      Set<MechanismName> required, @Nullable AllowedCallers allowed, Enforcement enforcement) {
    this.required = required;
    this.allowed = allowed;
    this.enforcement = enforcement;
  }

  /**
   * Nothing beside what the service demands.
   *
   * @return the rule of a request for which nobody named one
   */
  public static AccessRule usual() {
    return USUAL;
  }

  /**
   * The same, for callers who have proven who they are by this mechanism, alone or among others.
   *
   * @param mechanism one that the service has; with any other, everybody is refused
   * @return a new rule
   */
  public AccessRule require(MechanismName mechanism) {
    var more = new LinkedHashSet<>(required);
    more.add(Objects.requireNonNull(mechanism, "mechanism"));
    return new AccessRule(Set.copyOf(more), allowed, enforcement);
  }

  /**
   * The same, for these callers alone, as far as the service allows them. Whoever was named by an
   * earlier call and is not by this one is out.
   *
   * @param callers the rule that a caller needs as well
   * @return a new rule
   */
  public AccessRule allow(AllowedCallers callers) {
    return new AccessRule(required, Objects.requireNonNull(callers, "callers"), enforcement);
  }

  /**
   * The same, with a layer that reports only what it would refuse, whatever the service's own
   * enforcement says about it.
   *
   * @param layer {@link Layer#BINDING} or {@link Layer#NETWORK}
   * @param until the instant from which it is enforced
   * @return a new rule
   * @throws IllegalArgumentException for the other layers
   */
  public AccessRule reportOnly(Layer layer, Instant until) {
    return new AccessRule(required, allowed, enforcement.andReportOnly(layer, until));
  }

  /**
   * The mechanisms that a caller must have proven himself by, all of them.
   *
   * @return empty if any will do
   */
  public Set<MechanismName> required() {
    return required;
  }

  /**
   * Says whether this rule demands anything of a caller.
   *
   * @return false for {@link #usual()}, and for one that only loosens
   */
  public boolean narrows() {
    return allowed != null || !required.isEmpty();
  }

  /**
   * Says whether this rule lets a call pass.
   *
   * @param call a call that the service allows
   * @return true if it names the caller, or nobody in particular
   */
  public boolean allows(Call call) {
    return allowed == null || allowed.allows(call);
  }

  /**
   * How strictly the layers are enforced for such requests.
   *
   * @return what this rule loosens; the service may loosen more
   */
  public Enforcement enforcement() {
    return enforcement;
  }
}
