// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.spring.properties.KerberosProperties;
import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Kerberos, as {@code serviceidentity.kerberos.*} says. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(KerberosIdentity.class)
class KerberosMechanism {
  private static final String GROUP = "serviceidentity.kerberos";

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE - 20)
  @ConditionalOnMissingBean
  @ConditionalOnAnyProperty(GROUP)
  KerberosIdentityBuilder kerberosIdentity(KerberosProperties said) {
    requireSense(said);
    KerberosIdentityBuilder builder = KerberosIdentity.builder();
    given("principal", Optional.ofNullable(said.principal()), builder::principal);
    given("keytab", Optional.ofNullable(said.keytab()), builder::keytab);
    given(
        "credential-cache", Optional.ofNullable(said.credentialCache()), builder::credentialCache);
    given("krb5-conf", Optional.ofNullable(said.krb5Conf()), builder::krb5Conf);
    given("accept-as", some(said.acceptAs()), builder::acceptAs);
    given("trust-realms", some(said.trustRealms()), builder::trustRealms);
    given("clock-skew", Optional.of(said.clockSkew()), builder::clockSkew);
    builder.channelBindings(policy(said.channelBindings()));
    return said.acceptOnly() ? builder.acceptOnly() : builder;
  }

  private static void requireSense(KerberosProperties said) {
    if (said.keytab() == null && said.credentialCache() == null) {
      throw Misconfiguration.of(
          GROUP + ".keytab", "is missing: in which file are this service's keys?");
    }
    if (said.acceptOnly() && said.credentialCache() != null) {
      Misconfiguration.contradicts(GROUP + ".accept-only", List.of(GROUP + ".credential-cache"));
    }
    if (said.acceptOnly() && said.krb5Conf() != null) {
      Misconfiguration.contradicts(GROUP + ".accept-only", List.of(GROUP + ".krb5-conf"));
    }
  }

  private static <T> void given(
      String name, Optional<T> value, Function<T, KerberosIdentityBuilder> call) {
    value.ifPresent(
        present -> Misconfiguration.reading(GROUP + "." + name, () -> call.apply(present)));
  }

  private static Optional<String[]> some(List<String> names) {
    return names.isEmpty() ? Optional.empty() : Optional.of(names.toArray(String[]::new));
  }

  private static ChannelBindingPolicy policy(KerberosProperties.ChannelBindings said) {
    return switch (said) {
      case OFF -> ChannelBindingPolicy.OFF;
      case IF_PRESENT -> ChannelBindingPolicy.IF_PRESENT;
      case REQUIRE -> ChannelBindingPolicy.REQUIRE;
    };
  }
}
