// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spring.properties.IdentityProperties;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What is missing, contradicts itself or is malformed is said in terms of properties. */
class MisconfigurationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serviceidentity.mtls.trust-domain=Shop        | serviceidentity.mtls.trust-domain:
          serviceidentity.mtls.session-age=2d           | serviceidentity.mtls.session-age:
          serviceidentity.kerberos.principal=HTTP/a@B   | serviceidentity.kerberos.keytab: is missing
          serviceidentity.tokens.domain=cluster.local   | serviceidentity.tokens.audience: is missing
          serviceidentity.network.mode=manifests        | serviceidentity.network.manifests: is missing
          serviceidentity.network.own-pod=shop/orders-0 | serviceidentity.network.mode=identity-alone: contradicts serviceidentity.network.own-pod
          serviceidentity.serve-stale-for=1m            | serviceidentity.network.mode=identity-alone: contradicts serviceidentity.serve-stale-for
          serviceidentity.report-only.network-until=2099-01-01T00:00:00Z | serviceidentity.network.mode=identity-alone: contradicts serviceidentity.report-only
          serviceidentity.allow.service-accounts=       | serviceidentity.allow: nobody is allowed to call
          serviceidentity.allow.service-accounts=web    | serviceidentity.allow.service-accounts:
          serviceidentity.allow.principals=web          | serviceidentity.allow.principals:
          serviceidentity.allow.any-authenticated=true  | serviceidentity.allow: says who may call in several ways; keep one of names, any-authenticated
          serviceidentity.allow.file=callers.txt        | serviceidentity.allow: says who may call in several ways; keep one of names, file
          serviceidentity.admission-timeout=0s          | serviceidentity.admission-timeout:
          serviceidentity.open-timeout=2h               | serviceidentity.open-timeout:
          serviceidentity.serve-stale-for=-1s           | serviceidentity.network.mode=identity-alone: contradicts
          serviceidentity.audit.log=false               | serviceidentity.audit.log: is false
          """)
  void theMessageBeginsWithTheProperty(String property, String message) {
    fails(IdentityContexts.orders(folder).withPropertyValues(property), message);
  }

  @Test
  void withoutAnyPropertyItIsSaidWithWhichOnesToBegin() {
    fails(IdentityContexts.plain(), "serviceidentity: no mechanism is configured; say");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mtls.trust-domain=shop.example | serviceidentity.mtls.pem-directory: is missing
          mtls.pem-directory=/nowhere    | serviceidentity.mtls.trust-domain: is missing
          kerberos.keytab=/nowhere       | serviceidentity.network.mode: is missing
          """)
  void whatMustBeSaidBesideAPropertyIsNamed(String property, String message) {
    fails(IdentityContexts.plain().withPropertyValues("serviceidentity." + property), message);
  }

  @Test
  void aMisspeltPropertyIsNotPassedOver() {
    IdentityContexts.orders(folder)
        .withPropertyValues("serviceidentity.allow.service-acounts=shop/batch")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("serviceidentity.allow.service-acounts"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serviceidentity.alow.service-accounts=shop/batch   | serviceidentity.alow.service-accounts: is no property; the nearest is serviceidentity.allow.service-accounts
          serviceidentity.kerberus.keytab=/etc/orders.keytab | serviceidentity.kerberus.keytab: is no property; the nearest is serviceidentity.kerberos.keytab
          serviceidentity.open-time-out2=1s                  | serviceidentity.open-time-out2: is no property; the nearest is serviceidentity.open-timeout
          serviceidentity.enable=false                       | serviceidentity.enable: is no property; the nearest is serviceidentity.enabled
          """)
  void aMisspeltGroupIsNotPassedOverEither(String property, String message) {
    fails(IdentityContexts.orders(folder).withPropertyValues(property), message);
    fails(IdentityContexts.plain().withPropertyValues(property), message);
  }

  @Test
  void whatKubernetesTellsOfAServiceByThisNameIsNoProperty() {
    IdentityContexts.orders(folder)
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new SystemEnvironmentPropertySource(
                            "systemEnvironment",
                            Map.of("SERVICEIDENTITY_PORT_8443_TCP", "tcp://10.0.0.1:8443"))))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void everyPropertyThatIsDescribedIsKnown() throws IOException {
    assertThat(described()).isNotEmpty().isEqualTo(KnownProperties.CHILDREN);
  }

  @Test
  void propertiesOfAModuleThatIsNotThereNameIt() {
    fails(
        IdentityContexts.orders(folder)
            .withClassLoader(new FilteredClassLoader("dev.serviceidentity.mtls")),
        "serviceidentity.mtls: needs the module identity-mtls");
  }

  @Test
  void theBundleOfTheIdentityNeedsCertificates() {
    fails(
        IdentityContexts.plain()
            .withPropertyValues(
                "server.ssl.bundle=service-identity",
                "serviceidentity.kerberos.keytab=" + folder.resolve("orders.keytab"),
                "serviceidentity.network.mode=identity-alone",
                "serviceidentity.allow.nobody=true"),
        "server.ssl.bundle: is service-identity, which needs certificates");
  }

  @Test
  void aRuleOfTheApplicationBesideThoseOfPropertiesIsAContradiction() {
    fails(
        IdentityContexts.orders(folder).withBean(AllowedCallers.class, AllowedCallers::nobody),
        "keep one of names, a bean of type AllowedCallers");
  }

  @Test
  void tokensWithAViewOfTheClusterNeedTheirDomain() {
    fails(
        IdentityContexts.orders(folder)
            .withPropertyValues(
                "serviceidentity.network.mode=cluster", "serviceidentity.tokens.audience=orders"),
        "serviceidentity.network.binding.token-domains: is missing");
  }

  private static void fails(ApplicationContextRunner runner, String message) {
    runner.run(
        context ->
            assertThat(outermost(context.getStartupFailure())).hasMessageContaining(message));
  }

  /** What comes first after serviceidentity in the metadata that editors read. */
  private static Set<String> described() throws IOException {
    try (InputStream in =
        IdentityProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      String metadata = new String(in.readAllBytes(), UTF_8);
      return Pattern.compile("\"name\": \"serviceidentity\\.([a-z-]+)")
          .matcher(metadata)
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toSet());
    }
  }

  /** As the failure analyzer finds it. */
  private static Throwable outermost(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(IdentityException.class::isInstance)
        .findFirst()
        .orElse(failure);
  }
}
