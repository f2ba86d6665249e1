// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.StalePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The builder of an identity")
class ServiceIdentityBuilderTest {
  private final ServiceIdentityBuilder builder = ServiceIdentity.builder();

  @Test
  void demandsAMechanism() {
    demands("no mechanism", builder.trustIdentityAlone().allowAnyAuthenticated());
  }

  @Test
  void demandsAWordAboutTheNetwork() {
    demands("no network", builder.mechanism(FakeMechanism.mtls()).allowAnyAuthenticated());
  }

  @Test
  void demandsAWordAboutWhoMayCall() {
    demands("nobody is allowed", builder.mechanism(FakeMechanism.mtls()).trustIdentityAlone());
  }

  @Test
  void refusesToTrustIdentityAloneBesideANetwork() {
    demands(
        "contradicts",
        builder
            .mechanism(FakeMechanism.mtls())
            .allow(AllowedCallers.nobody())
            .network(new FakeNetwork())
            .trustIdentityAlone());
  }

  @Test
  void refusesToCheckPathsWithoutANetwork() {
    demands(
        "contradicts",
        builder
            .mechanism(FakeMechanism.mtls())
            .allow(AllowedCallers.nobody())
            .checkCallerEgress()
            .trustIdentityAlone());
  }

  @Test
  void refusesWhatMeansNothingWithoutANetwork() {
    List<UnaryOperator<ServiceIdentityBuilder>> calls =
        List.of(
            it -> it.admitUnbound(AllowedCallers.matching(caller -> true)),
            it -> it.stale(StalePolicy.failClosed()),
            it -> it.enforcement(Enforcement.reportOnly(Layer.BINDING, Instant.MAX)));
    for (UnaryOperator<ServiceIdentityBuilder> call : calls) {
      demands(
          "contradicts",
          call.apply(ServiceIdentity.builder())
              .mechanism(FakeMechanism.mtls())
              .allow(AllowedCallers.nobody())
              .trustIdentityAlone());
    }
  }

  @Test
  void replacesNeitherTheAllowedCallersNorTheNetworkInSilence() {
    builder.allow(AllowedCallers.nobody()).network(new FakeNetwork());
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.allowAnyAuthenticated())
        .withMessageContaining("allow(...) was called before");
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.network(runtime -> new FakeNetwork()))
        .withMessageContaining("network(...) was called before");
  }

  @Test
  void refusesTwoMechanismsOfOneName() {
    builder.mechanism(FakeMechanism.mtls());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.mechanism(FakeMechanism.mtls().provider()))
        .withMessageContaining("mtls");
  }

  @Test
  void takesLimitsOfTimeAboveZeroAndUpToAnHour() {
    for (Duration wrong :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(-1),
          Duration.ofHours(1).plusNanos(1),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> builder.admissionTimeout(wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> builder.openTimeout(wrong));
    }
    builder.admissionTimeout(Duration.ofNanos(1)).openTimeout(Duration.ofHours(1));
  }

  @Test
  void handsItsClockAndLimitsToTheMechanisms() {
    FakeMechanism mtls = FakeMechanism.mtls();
    builder
        .mechanism(mtls.provider())
        .mechanism(FakeMechanism.kerberos())
        .trustIdentityAlone()
        .allow(AllowedCallers.nobody())
        .audit(event -> {})
        .openTimeout(Duration.ofSeconds(3))
        .open()
        .close();
    assertThat(mtls.runtime().openTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(mtls.runtime().configured()).hasSize(2);
  }

  private static void demands(String what, ServiceIdentityBuilder builder) {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(builder::open)
        .withMessageContaining(what)
        .satisfies(
            refused -> assertThat(refused.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
  }
}
