// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TestIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@ServiceIdentityTest
@TestInstance(Lifecycle.PER_CLASS)
class ParameterKindsTest {
  private static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";

  private EmbeddedKdc shared;

  @BeforeAll
  void start(@Kdc("SHARED.EXAMPLE") EmbeddedKdc kdc) {
    shared = kdc;
  }

  @Test
  void anIdentityIsBelievedByTheServicesOwn(
      @Identity(ORDERS) FakeMechanism own,
      @Identity("spiffe://shop.example/ns/shop/sa/web") TestIdentity web) {
    assertThat(own.callers().verify(web.evidence())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void theClockOfATestDrivesItsIdentities(
      TestClock clock, @Identity(ORDERS) FakeMechanism own, @Identity(ORDERS) TestIdentity self) {
    var evidence = self.evidence();
    clock.advance(Duration.ofHours(2));
    assertThat(own.callers().verify(evidence)).isInstanceOf(Verification.Rejected.class);
    assertThat(own.callers().verify(self.evidence())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aKdcHasItsPrincipalsFromTheBeginning(
      @Kdc(
              value = "OWN.EXAMPLE",
              principals = {"web", "HTTP/orders.shop"})
          EmbeddedKdc kdc) {
    assertThat(kdc.realm()).isEqualTo("OWN.EXAMPLE");
    assertThat(kdc).isNotSameAs(shared);
    assertThat(kdc.credentials("web", "HTTP/orders.shop")).isNotNull();
  }

  @Nested
  class FurtherIn {
    @Test
    void anEqualAnnotationSharesWhatIsThere(@Kdc("SHARED.EXAMPLE") EmbeddedKdc kdc) {
      assertThat(kdc).isSameAs(shared);
    }
  }

  @Test
  void whatATestWasGivenIsClosedAfterIt() {
    assertThat(configurationsOf(Guests.Closing.class))
        .singleElement()
        .satisfies(file -> assertThat(file).doesNotExist());
  }

  @Test
  void whatAConstructorIsGivenBelongsToOneTest() {
    assertThat(configurationsOf(Guests.Constructed.class))
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allSatisfy(file -> assertThat(file).doesNotExist());
  }

  @Test
  void aKdcWhosePrincipalCannotBeAddedIsClosed() {
    var kdc = EmbeddedKdc.start("TWICE.EXAMPLE");
    assertThatThrownBy(() -> KdcParameter.populate(kdc, "a", "a"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(kdc.krb5Conf()).doesNotExist();
  }

  @Test
  void aPrincipalThatIsNamedTwiceFailsTheTest() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Guests.Doubled.class))
        .execute()
        .testEvents()
        .failed()
        .assertThatEvents()
        .singleElement()
        .asString()
        .contains("could not add a");
  }

  @Test
  void aTypeThatIsNotInjectedIsAnErrorThatNamesTheOnesThatAre() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Guests.Misled.class))
        .execute()
        .testEvents()
        .failed()
        .assertThatEvents()
        .singleElement()
        .asString()
        .contains("@Identity gives a TestIdentity");
  }

  private static List<Path> configurationsOf(Class<?> guest) {
    Events events =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(guest)).execute().testEvents();
    events.assertStatistics(stats -> stats.failed(0));
    return events
        .reportingEntryPublished()
        .map(event -> event.getRequiredPayload(ReportEntry.class))
        .map(entry -> Path.of(entry.getKeyValuePairs().get("krb5.conf")))
        .toList();
  }
}
