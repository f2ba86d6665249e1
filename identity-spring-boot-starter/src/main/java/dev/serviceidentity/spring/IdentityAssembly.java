// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spring.properties.AuditProperties;
import dev.serviceidentity.spring.properties.IdentityProperties;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.ssl.IdentitySslBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** Puts the identity together from beans and properties; nothing is opened by that. */
record IdentityAssembly(BeanFactory beans, Environment environment) {
  /** Once for each time that the application starts, since a builder opens one identity. */
  ServiceIdentityBuilder builder() {
    ServiceIdentityBuilder builder = ServiceIdentity.builder();
    AllowSettings allow = AllowSettings.of(beans);
    NetworkSettings network = NetworkSettings.of(beans);
    List<ServiceIdentityBuilderCustomizer> customizers =
        all(ServiceIdentityBuilderCustomizer.class).toList();
    Set<MechanismName> mechanisms = mechanisms(builder);
    requireModules(mechanisms);
    requireTls(mechanisms);
    if (customizers.isEmpty()) {
      requireComplete(mechanisms, network, allow);
    }
    network.applyTo(builder, needingNetwork());
    allow.applyTo(builder);
    limits(builder);
    builder.enforcement(beans.getBean(Enforcement.class));
    audit(builder);
    customizers.forEach(each -> each.customize(builder));
    return builder;
  }

  private Set<MechanismName> mechanisms(ServiceIdentityBuilder builder) {
    List<MechanismProvider> providers = all(MechanismProvider.class).toList();
    List<IdentityMechanism> opened = all(IdentityMechanism.class).toList();
    providers.forEach(each -> builder.mechanism(new FailingPart(each)));
    opened.forEach(builder::mechanism);
    return Stream.concat(
            providers.stream().map(MechanismProvider::name),
            opened.stream().map(IdentityMechanism::name))
        .collect(Collectors.toSet());
  }

  /** Properties of a mechanism that is not on the class path would say nothing at all. */
  private void requireModules(Set<MechanismName> mechanisms) {
    for (MechanismGroup each : MechanismGroup.ALL) {
      if (!mechanisms.contains(each.mechanism())
          && OnAnyProperty.isSaid(environment, each.group())) {
        throw Misconfiguration.of(
            each.group(),
            "needs the module " + each.module() + "; add it to the dependencies of this service");
      }
    }
  }

  /** The web server would find no certificate. */
  private void requireTls(Set<MechanismName> mechanisms) {
    for (String server : List.of("server.ssl.bundle", "management.server.ssl.bundle")) {
      if (IdentitySslBundle.NAME.equals(environment.getProperty(server))
          && !mechanisms.contains(MechanismName.MTLS)) {
        throw Misconfiguration.of(
            server,
            "is service-identity, which needs certificates; say serviceidentity.mtls.pem-directory"
                + " and serviceidentity.mtls.trust-domain, or another bundle");
      }
    }
  }

  private static void requireComplete(
      Set<MechanismName> mechanisms, NetworkSettings network, AllowSettings allow) {
    if (mechanisms.isEmpty()) {
      throw Misconfiguration.of(
          "serviceidentity",
          "no mechanism is configured; say serviceidentity.mtls.pem-directory and"
              + " serviceidentity.mtls.trust-domain, or serviceidentity.kerberos.keytab, or"
              + " serviceidentity.tokens.audience");
    }
    if (network.isUnsaid()) {
      throw Misconfiguration.of(
          NetworkSettings.GROUP + ".mode",
          "is missing: cluster, manifests, or identity-alone, by which a stolen credential works"
              + " from everywhere");
    }
    if (allow.isUnsaid()) {
      throw Misconfiguration.of(
          "serviceidentity.allow",
          "nobody is allowed to call; say serviceidentity.allow.service-accounts, principals,"
              + " principals-like or file, or any-authenticated=true, or nobody=true");
    }
  }

  private List<String> needingNetwork() {
    List<String> said = new ArrayList<>();
    if (!beans.getBean(Enforcement.class).equals(Enforcement.enforce())) {
      said.add("serviceidentity.report-only");
    }
    if (environment.containsProperty("serviceidentity.serve-stale-for")) {
      said.add("serviceidentity.serve-stale-for");
    }
    return said;
  }

  private void limits(ServiceIdentityBuilder builder) {
    IdentityProperties said = beans.getBean(IdentityProperties.class);
    Misconfiguration.reading(
        "serviceidentity.open-timeout", () -> builder.openTimeout(said.openTimeout()));
    Misconfiguration.reading(
        "serviceidentity.admission-timeout",
        () -> builder.admissionTimeout(said.admissionTimeout()));
    Misconfiguration.reading(
        "serviceidentity.serve-stale-for",
        () -> builder.stale(StalePolicy.serveStaleFor(said.serveStaleFor())));
  }

  private void audit(ServiceIdentityBuilder builder) {
    all(AuditSink.class)
        .reduce(AuditSink::and)
        .ifPresent(sink -> builder.audit(new BorrowedSink(sink)));
    if (beans.getBean(AuditProperties.class).required()) {
      builder.auditRequired();
    }
  }

  private <T> Stream<T> all(Class<T> type) {
    ObjectProvider<T> provider = beans.getBeanProvider(type);
    return provider.orderedStream();
  }
}
