// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.spring.properties.KerberosProperties;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.MtlsProperties;
import dev.serviceidentity.spring.properties.NetworkProperties;
import dev.serviceidentity.spring.properties.NetworkProperties.Binding;
import dev.serviceidentity.spring.properties.TokenProperties;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** Which proven names stand for service accounts: as said, or else as the mechanisms' own names. */
record WorkloadNames(
    Binding said, MtlsProperties mtls, KerberosProperties kerberos, TokenProperties tokens) {
  private static final String GROUP = NetworkSettings.GROUP + ".binding";

  static WorkloadNames of(BeanFactory beans) {
    return new WorkloadNames(
        beans.getBean(NetworkProperties.class).binding(),
        beans.getBean(MtlsProperties.class),
        beans.getBean(KerberosProperties.class),
        beans.getBean(TokenProperties.class));
  }

  WorkloadBinding binding() {
    WorkloadBinding.Builder rules = WorkloadBinding.builder();
    orElse(said.trustDomains(), trustDomain())
        .forEach(
            name ->
                Misconfiguration.reading(GROUP + ".trust-domains", () -> rules.trustDomain(name)));
    orElse(said.realms(), realm())
        .forEach(name -> Misconfiguration.reading(GROUP + ".realms", () -> rules.realm(name)));
    orElse(said.tokenDomains(), tokenDomain())
        .forEach(
            name ->
                Misconfiguration.reading(GROUP + ".token-domains", () -> rules.tokenDomain(name)));
    return rules.build();
  }

  /** Names of other kinds than SPIFFE IDs have no form that says a service account. */
  private @Nullable String trustDomain() {
    return mtls.names() == MtlsProperties.Names.SPIFFE ? mtls.trustDomain() : null;
  }

  private @Nullable String realm() {
    String principal = kerberos.principal();
    return principal == null
        ? null
        : Misconfiguration.reading(
            "serviceidentity.kerberos.principal",
            () -> PrincipalId.parse("kerberos:" + principal).domain());
  }

  private @Nullable String tokenDomain() {
    if (tokens.domain() != null) {
      return tokens.domain();
    }
    if (tokens.issuer() != null) {
      return URI.create(tokens.issuer()).getRawAuthority();
    }
    if (!tokens.audience().isEmpty() && said.tokenDomains().isEmpty()) {
      throw Misconfiguration.of(
          GROUP + ".token-domains",
          "is missing: which is the cluster's issuer? It is"
              + " kubernetes.default.svc.cluster.local in many clusters; say it here, or by"
              + " serviceidentity.tokens.issuer");
    }
    return null;
  }

  private static List<String> orElse(List<String> said, @Nullable String derived) {
    return said.isEmpty() && derived != null ? List.of(derived) : said;
  }
}
