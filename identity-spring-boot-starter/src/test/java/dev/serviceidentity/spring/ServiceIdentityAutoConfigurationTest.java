// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.k8s.token.TokenIdentityBuilder;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestIdentity;
import dev.serviceidentity.testkit.assertions.IdentityAssertions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What is configured by which property, and what gives way to a bean of the application. */
class ServiceIdentityAutoConfigurationTest {
  private static final String ORDERS = "mtls:spiffe://shop.example/ns/shop/sa/orders";
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  @TempDir Path folder;

  @Test
  void anIdentityIsMadeOfPropertiesAndOpen() {
    IdentityContexts.orders(folder)
        .run(
            context ->
                assertThat(context.getBean(ServiceIdentity.class).identities())
                    .extracting(IdentitySnapshot::principal)
                    .extracting(Object::toString)
                    .containsExactly("mtls:spiffe://shop.example/ns/shop/sa/orders"));
  }

  @Test
  void nothingIsConfiguredWhereTheMasterSwitchIsOff() {
    IdentityContexts.plain()
        .withPropertyValues("serviceidentity.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(ServiceIdentity.class)
                    .doesNotHaveBean(AuditSink.class));
  }

  @Test
  void eachMechanismIsThereIfAPropertyOfItIsSaid() {
    IdentityContexts.orders(folder)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(MtlsIdentityBuilder.class)
                    .doesNotHaveBean(KerberosIdentityBuilder.class)
                    .doesNotHaveBean(TokenIdentityBuilder.class));
  }

  @Test
  void anIdentityOfTheApplicationReplacesTheOneOfProperties() {
    ServiceIdentity own = FakeServiceIdentity.of(ORDERS);
    IdentityContexts.plain()
        .withBean(ServiceIdentity.class, () -> own)
        .run(context -> assertThat(context).getBean(ServiceIdentity.class).isSameAs(own));
  }

  @Test
  void aBuilderOfTheApplicationReplacesTheOneOfProperties() {
    IdentityContexts.orders(folder)
        .withPropertyValues("serviceidentity.mtls.pem-directory=/nowhere")
        .withBean(
            "own",
            MtlsIdentityBuilder.class,
            () -> MtlsIdentity.builder().pemDirectory(folder).trustDomain("shop.example"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .getBeanNames(MtlsIdentityBuilder.class)
                    .containsExactly("own"));
  }

  @Test
  void anOpenMechanismOfTheApplicationIsUsedBesideThoseOfProperties() {
    IdentityContexts.orders(folder)
        .withBean(
            IdentityMechanism.class,
            () ->
                FakeMechanism.of("kerberos:HTTP/orders.shop@SHOP.EXAMPLE").open(Clock.systemUTC()))
        .run(context -> assertThat(context.getBean(ServiceIdentity.class).identities()).hasSize(2));
  }

  @Test
  void everythingOfTheGuardIsToldToTheSinkOfTheApplication() {
    var sink = new InMemorySink(10);
    ApplicationContextRunner runner =
        IdentityContexts.orders(folder).withBean(AuditSink.class, () -> sink);
    runner.run(
        context ->
            IdentityAssertions.assertThat(
                    context
                        .getBean(ServiceIdentity.class)
                        .admit(TestIdentity.of("spiffe://other.example/ns/shop/sa/web").evidence()))
                .isRefusedFor(RefusalReason.NO_CREDENTIALS));
    assertThat(sink.events()).hasSize(1);
  }

  @Test
  void aCustomizerSaysWhatPropertiesCannot() {
    IdentityContexts.plain()
        .withBean(MechanismProvider.class, () -> FakeMechanism.of(ORDERS))
        .withBean(
            ServiceIdentityBuilderCustomizer.class,
            () -> builder -> builder.trustIdentityAlone().allow(AllowedCallers.nobody()))
        .run(
            context ->
                IdentityAssertions.assertThat(
                        context
                            .getBean(ServiceIdentity.class)
                            .admit(TestIdentity.of(WEB).evidence()))
                    .isRefusedFor(RefusalReason.NOT_ALLOWED));
  }

  @Test
  void aRuleOfTheApplicationSaysWhoMayCall() {
    IdentityContexts.orders(folder)
        .withPropertyValues("serviceidentity.allow.service-accounts=")
        .withBean(AllowedCallers.class, AllowedCallers::nobody)
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void aLayerReportsOnlyUntilItsEnd() {
    Instant end = Instant.parse("2099-01-31T00:00:00Z");
    IdentityContexts.plain()
        .withPropertyValues("serviceidentity.report-only.network-until=" + end)
        .withBean(ServiceIdentity.class, () -> FakeServiceIdentity.of(ORDERS))
        .run(
            context ->
                assertThat(context.getBean(Enforcement.class).reportOnlyUntil())
                    .isEqualTo(Map.of(Layer.NETWORK, end)));
  }

  @Test
  void withoutTheModulesOfMechanismsAndClusterTheStarterStillLoads() {
    IdentityContexts.plain()
        .withClassLoader(
            new FilteredClassLoader(
                "dev.serviceidentity.mtls",
                "dev.serviceidentity.kerberos",
                "dev.serviceidentity.k8s"))
        .withBean(ServiceIdentity.class, () -> FakeServiceIdentity.of(ORDERS))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(MechanismProvider.class)
                    .doesNotHaveBean(NetworkProvider.class)
                    .doesNotHaveBean(ClusterNetwork.class));
  }
}
