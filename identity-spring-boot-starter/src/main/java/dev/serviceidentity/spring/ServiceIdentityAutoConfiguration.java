// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.spring.properties.AllowProperties;
import dev.serviceidentity.spring.properties.AuditProperties;
import dev.serviceidentity.spring.properties.ConditionalUnlessOff;
import dev.serviceidentity.spring.properties.IdentityProperties;
import dev.serviceidentity.spring.properties.KerberosProperties;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.MtlsProperties;
import dev.serviceidentity.spring.properties.NetworkProperties;
import dev.serviceidentity.spring.properties.ReadNames;
import dev.serviceidentity.spring.properties.ReportOnlyProperties;
import dev.serviceidentity.spring.properties.TokenProperties;
import java.time.Clock;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The identity of the application as a bean, from {@code serviceidentity.*}. It is open while the
 * application context runs: before any web server starts, until after every one has stopped.
 *
 * <p>Every bean gives way to one of the application: a builder of a mechanism (any {@code
 * MechanismProvider} is taken), a {@code NetworkProvider}, {@code Enforcement}, {@code AuditSink},
 * or {@code ServiceIdentity} itself. A bean of type {@code AllowedCallers} takes the place of
 * {@code serviceidentity.allow.*}.
 */
@AutoConfiguration(
    afterName = "io.fabric8.kubernetes.client.spring.KubernetesClientAutoConfiguration")
@ConditionalUnlessOff("serviceidentity.enabled")
@EnableConfigurationProperties({
  IdentityProperties.class,
  MtlsProperties.class,
  KerberosProperties.class,
  TokenProperties.class,
  NetworkProperties.class,
  AllowProperties.class,
  ReportOnlyProperties.class,
  AuditProperties.class
})
@Import({MtlsMechanism.class, KerberosMechanism.class, TokenMechanism.class, KubernetesView.class})
public final class ServiceIdentityAutoConfiguration {
  /** Made by Spring. */
  public ServiceIdentityAutoConfiguration() {}

  /** Before any other bean, so that what was meant by the misspelt name is not found missing. */
  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityKnownProperties")
  static BeanFactoryPostProcessor serviceIdentityKnownProperties(Environment environment) {
    return beans -> new KnownProperties(environment).requireNoOther();
  }

  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityReadNames")
  static ConfigurationPropertiesBindHandlerAdvisor serviceIdentityReadNames() {
    return ReadNames::new;
  }

  @Bean
  @ConditionalOnMissingBean
  Enforcement serviceIdentityEnforcement(ReportOnlyProperties said) {
    return said.enforcement();
  }

  @Bean
  @ConditionalOnMissingBean
  AuditSink serviceIdentityAuditSink(AuditProperties said) {
    if (said.jsonFile() != null) {
      AuditSink file = AuditSink.jsonLines(said.jsonFile());
      return said.log() ? AuditSink.systemLogger().and(file) : file;
    }
    if (!said.log()) {
      throw Misconfiguration.of(
          "serviceidentity.audit.log",
          "is false, so that nobody would hear of refusals; say serviceidentity.audit.json-file");
    }
    return AuditSink.systemLogger();
  }

  @Bean
  @ConditionalOnMissingBean(ServiceIdentity.class)
  LifecycleIdentity serviceIdentity(BeanFactory beans, Environment environment) {
    var assembly = new IdentityAssembly(beans, environment);
    // What contradicts itself shows before anything starts.
    assembly.builder();
    return new LifecycleIdentity(() -> assembly.builder().open(), Clock.systemUTC());
  }
}
