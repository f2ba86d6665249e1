// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.PrincipalTemplate.Bound;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which workload a proven name stands for: the rules by which this verifier binds principals to
 * service accounts. Immutable and thread-safe.
 *
 * <p>In order: a name in the explicit map is what the map says. Else a SPIFFE ID of a listed trust
 * domain and a Kerberos principal of a listed realm are read by their templates, and the annotation
 * {@code serviceidentity.dev/principal} of ServiceAccounts in listed namespaces is heard. A name
 * that two service accounts would have is nobody's. Annotations of pods are never read: whoever may
 * create a pod could claim any name.
 *
 * <pre>{@code
 * WorkloadBinding binding = WorkloadBinding.builder()
 *     .trustDomain("shop.example")
 *     .realm("SHOP.EXAMPLE")
 *     .build();
 * }</pre>
 */
public final class WorkloadBinding {
  /** What is wrong with rules by which nobody is bound. */
  static final String BINDS_NOBODY =
      "no principal can ever be bound to a service account, so that callers with a credential"
          + " of their own are refused; call binding(...) with a trustDomain(...), realm(...),"
          + " tokenDomain(...) or principal(...)";

  /** As Kubernetes names them; nobody can change that. */
  private static final List<PrincipalTemplate> TOKENS =
      PrincipalTemplate.parseAll("system:serviceaccount:{namespace}:{name}");

  private final Set<String> trustDomains;
  private final Set<String> realms;
  private final Set<String> tokenDomains;
  private final Set<String> annotatedNamespaces;
  private final Map<PrincipalId, ServiceAccountName> explicit;
  private final List<PrincipalTemplate> spiffe;
  private final List<PrincipalTemplate> kerberos;

  private WorkloadBinding(Builder builder) {
    this.trustDomains = Set.copyOf(builder.trustDomains);
    this.realms = Set.copyOf(builder.realms);
    this.tokenDomains = Set.copyOf(builder.tokenDomains);
    this.annotatedNamespaces = Set.copyOf(builder.annotatedNamespaces);
    this.explicit = Map.copyOf(builder.explicit);
    this.spiffe = builder.spiffe;
    this.kerberos = builder.kerberos;
  }

  /**
   * Starts with no trust domain, no realm and no name bound.
   *
   * @return a builder with the usual templates
   */
  public static Builder builder() {
    return new Builder();
  }

  Optional<ServiceAccountName> explicitly(PrincipalId principal) {
    return Optional.ofNullable(explicit.get(principal));
  }

  /** Who a name stands for by its own form. */
  Optional<Bound> byTemplate(PrincipalId principal) {
    if (!hasListedDomain(principal)) {
      return Optional.empty();
    }
    return templatesFor(principal.mechanism()).stream()
        .flatMap(template -> template.read(principal.name()).stream())
        .findFirst();
  }

  /** The names that may stand for a service account; whether they do is to be asked of each. */
  Stream<PrincipalId> namesOf(ServiceAccountName account, List<String> pods) {
    return Stream.of(
            explicit.keySet().stream(),
            names(MechanismName.MTLS, trustDomains, account, pods),
            names(MechanismName.KERBEROS, realms, account, pods),
            names(MechanismName.SERVICE_ACCOUNT_TOKEN, tokenDomains, account, pods))
        .flatMap(Function.identity());
  }

  private Stream<PrincipalId> names(
      MechanismName mechanism, Set<String> domains, ServiceAccountName account, List<String> pods) {
    return templatesFor(mechanism).stream()
        .flatMap(template -> template.namesOf(account, pods))
        .flatMap(name -> domains.stream().map(domain -> new PrincipalId(mechanism, domain, name)));
  }

  private List<PrincipalTemplate> templatesFor(MechanismName mechanism) {
    if (mechanism.equals(MechanismName.KERBEROS)) {
      return kerberos;
    }
    if (mechanism.equals(MechanismName.SERVICE_ACCOUNT_TOKEN)) {
      return TOKENS;
    }
    // Names of other mechanisms have no form that is known here; the map can bind them.
    return mechanism.equals(MechanismName.MTLS) ? spiffe : List.of();
  }

  /** A realm is no trust domain, even where both have the same name, and neither is an issuer. */
  boolean hasListedDomain(PrincipalId principal) {
    if (principal.mechanism().equals(MechanismName.SERVICE_ACCOUNT_TOKEN)) {
      return tokenDomains.contains(principal.domain());
    }
    boolean kerberosName = principal.mechanism().equals(MechanismName.KERBEROS);
    return (kerberosName ? realms : trustDomains).contains(principal.domain());
  }

  /** Claims in annotations do not help: they are of listed domains, too. */
  boolean bindsNobody() {
    return trustDomains.isEmpty()
        && realms.isEmpty()
        && tokenDomains.isEmpty()
        && explicit.isEmpty();
  }

  /** Whether a name of a listed domain, or one of the map, can stand for a service account. */
  boolean canName(ServiceAccountName account) {
    return !trustDomains.isEmpty()
        || !realms.isEmpty()
        || !tokenDomains.isEmpty()
        || explicit.containsValue(account);
  }

  Set<String> annotatedNamespaces() {
    return annotatedNamespaces;
  }

  boolean hearsAnnotationsOf(String namespace) {
    return annotatedNamespaces.contains(namespace);
  }

  /** Collects the rules. Not thread-safe. */
  public static final class Builder {
    private final Set<String> trustDomains = new HashSet<>();
    private final Set<String> realms = new HashSet<>();
    private final Set<String> tokenDomains = new HashSet<>();
    private final Set<String> annotatedNamespaces = new HashSet<>();
    private final Map<PrincipalId, ServiceAccountName> explicit = new HashMap<>();
    private List<PrincipalTemplate> spiffe =
        PrincipalTemplate.parseAll("/ns/{namespace}/sa/{name}");
    private List<PrincipalTemplate> kerberos =
        PrincipalTemplate.parseAll("{service}/{name}.{namespace}");

    private Builder() {}

    /**
     * Binds SPIFFE IDs of a trust domain. Those of others stand for nobody.
     *
     * @param name the trust domain, without scheme
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if no SPIFFE ID can have it
     */
    public Builder trustDomain(String name) {
      trustDomains.add(DomainText.trustDomain(name));
      return this;
    }

    /**
     * Binds Kerberos principals of a realm. Those of others stand for nobody.
     *
     * @param name the realm, in its letter case
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if no principal can have it
     */
    public Builder realm(String name) {
      realms.add(DomainText.realm(name));
      return this;
    }

    /**
     * Binds the service accounts of a cluster's tokens. Those of others stand for nobody.
     *
     * @param name the domain of the principals of {@code TokenIdentity}: the issuer's host, such as
     *     {@code kubernetes.default.svc.cluster.local}, unless its {@code domain(...)} says another
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if no principal can have it
     */
    public Builder tokenDomain(String name) {
      tokenDomains.add(DomainText.tokens(name));
      return this;
    }

    /**
     * Replaces {@code /ns/{namespace}/sa/{name}}, by which SPIFFE paths are read.
     *
     * @param templates with {@code {namespace}}, {@code {name}} of the service account, and perhaps
     *     {@code {pod}}, which narrows the name to one pod; the first that fits counts
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if a template cannot be used
     */
    public Builder spiffeTemplates(String... templates) {
      spiffe = PrincipalTemplate.parseAll(templates);
      return this;
    }

    /**
     * Replaces <code>{service}/{name}.{namespace}</code>, by which Kerberos names are read.
     *
     * @param templates of the name without realm; {@code {service}} is any service class
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if a template cannot be used
     */
    public Builder kerberosTemplates(String... templates) {
      kerberos = PrincipalTemplate.parseAll(templates);
      return this;
    }

    /**
     * Binds one name, whatever its form and domain, before any other rule.
     *
     * @param principal the proven name
     * @param account the service account that it stands for
     * @return this
     * @throws IdentityException with code {@code CONFIGURATION} if the name is bound already, to
     *     another service account
     */
    public Builder principal(PrincipalId principal, ServiceAccountName account) {
      ServiceAccountName before = explicit.putIfAbsent(principal, account);
      if (before != null && !before.equals(account)) {
        throw new IdentityException(
            IdentityException.Code.CONFIGURATION,
            "The principal '"
                + principal
                + "' is bound to '"
                + before
                + "' and to '"
                + account
                + "'; keep one");
      }
      return this;
    }

    /**
     * Hears the annotation {@code serviceidentity.dev/principal} of the ServiceAccounts of some
     * namespaces. Whoever may write ServiceAccounts there can claim any name of the listed domains.
     *
     * @param namespaces none unless said here
     * @return this
     */
    public Builder annotationsFrom(String... namespaces) {
      annotatedNamespaces.addAll(List.of(namespaces));
      return this;
    }

    /**
     * Makes the rules.
     *
     * @return the rules as they are now
     */
    public WorkloadBinding build() {
      return new WorkloadBinding(this);
    }
  }
}
