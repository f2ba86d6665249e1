// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.MtlsProperties;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Certificates, as {@code serviceidentity.mtls.*} says. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MtlsIdentity.class)
class MtlsMechanism {
  private static final String GROUP = "serviceidentity.mtls";

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE - 30)
  @ConditionalOnMissingBean
  @ConditionalOnAnyProperty(GROUP)
  MtlsIdentityBuilder mtlsIdentity(MtlsProperties said) {
    if (said.pemDirectory() == null) {
      throw Misconfiguration.of(
          GROUP + ".pem-directory", "is missing: in which directory are tls.crt, tls.key, ca.crt?");
    }
    if (said.trustDomain() == null) {
      throw Misconfiguration.of(
          GROUP + ".trust-domain",
          "is missing: of which SPIFFE trust domain is this service, for example shop.example?");
    }
    String domain = said.trustDomain();
    MtlsIdentityBuilder builder = MtlsIdentity.builder().pemDirectory(said.pemDirectory());
    Misconfiguration.reading(GROUP + ".trust-domain", () -> builder.trustDomain(domain));
    Misconfiguration.reading(GROUP + ".session-age", () -> builder.sessionAge(said.sessionAge()));
    said.federated()
        .forEach(
            (other, file) ->
                Misconfiguration.reading(
                    GROUP + ".federated." + other, () -> builder.federatedTrust(other, file)));
    servers(builder, said.servers());
    return named(builder, said.names());
  }

  private static void servers(MtlsIdentityBuilder builder, List<String> said) {
    if (!said.isEmpty()) {
      Set<PrincipalId> expected =
          Misconfiguration.reading(
              GROUP + ".servers",
              () -> said.stream().map(PrincipalId::parse).collect(Collectors.toSet()));
      builder.servers(expected::contains);
    }
  }

  private static MtlsIdentityBuilder named(
      MtlsIdentityBuilder builder, MtlsProperties.Names names) {
    return switch (names) {
      case SPIFFE -> builder;
      case DNS -> builder.dnsNames();
      case URI -> builder.uriNames();
      case SUBJECT -> builder.subjectNames();
    };
  }
}
