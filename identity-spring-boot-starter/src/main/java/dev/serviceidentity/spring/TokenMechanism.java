// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.k8s.token.TokenIdentity;
import dev.serviceidentity.k8s.token.TokenIdentityBuilder;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.TokenProperties;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Service-account tokens, as {@code serviceidentity.tokens.*} says. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({TokenIdentity.class, KubernetesClient.class})
class TokenMechanism {
  private static final String GROUP = "serviceidentity.tokens";

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE - 10)
  @ConditionalOnMissingBean
  @ConditionalOnAnyProperty(GROUP)
  TokenIdentityBuilder tokenIdentity(
      TokenProperties said, ObjectProvider<KubernetesClient> clients) {
    if (said.audience().isEmpty()) {
      throw Misconfiguration.of(
          GROUP + ".audience",
          "is missing: by which name do callers ask for tokens for this service?");
    }
    TokenIdentityBuilder builder = TokenIdentity.builder();
    KubernetesClient client = clients.getIfAvailable();
    if (client == null) {
      builder.inCluster();
    } else {
      builder.using(client);
    }
    said.audience()
        .forEach(
            name -> Misconfiguration.reading(GROUP + ".audience", () -> builder.audience(name)));
    said.files()
        .forEach(
            (audience, file) ->
                Misconfiguration.reading(
                    GROUP + ".files." + audience, () -> builder.token(audience, file)));
    if (said.issuer() != null) {
      String issuer = said.issuer();
      Misconfiguration.reading(GROUP + ".issuer", () -> builder.issuer(issuer));
    }
    if (said.domain() != null) {
      builder.domain(said.domain());
    }
    if (!said.files().isEmpty()) {
      builder.calling(Target::host);
    }
    return said.verification() == TokenProperties.Verification.CLUSTER_KEYS
        ? builder.verifyByClusterKeys()
        : builder;
  }
}
