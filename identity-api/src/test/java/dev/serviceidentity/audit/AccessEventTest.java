// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Proof;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.fakes.FakeEvents;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An access event")
class AccessEventTest {
  private static final AccessEvent ADMITTED = FakeEvents.admitted("kerberos:alice@SHOP.EXAMPLE");

  @Test
  void isSummedUpOnOneLine() {
    assertThat(ADMITTED.summary())
        .isEqualTo(
            "ADMITTED [kerberos:alice@SHOP.EXAMPLE] from 10.1.0.5"
                + " forwarded by kerberos:proxy@SHOP.EXAMPLE shop/web-1 [0123456789abcdef01234567]");
  }

  @Test
  void saysInItsSummaryWhyItWasRefusedOrOnlyReported() {
    var why =
        new Outcome(Decision.ADMITTED, false, Layer.NETWORK, "POLICY_DENIES", "no rule\n  more");
    assertThat(FakeEvents.with(ADMITTED, why).summary())
        .startsWith("ADMITTED (report-only) [")
        .contains(": NETWORK POLICY_DENIES: no rule [")
        .doesNotContain("more");
  }

  @Test
  void saysInItsSummaryThatTheContainerToldNoAddress() {
    var nowhere = new AccessEvent.Source(null, null, null, null, List.of());
    assertThat(FakeEvents.with(ADMITTED, nowhere).summary())
        .contains("] from an address that the container did not tell [");
  }

  @Test
  void showsNothingInItsSummaryThatATerminalObeys() {
    var hostile =
        new Outcome(
            Decision.REFUSED, true, Layer.IDENTITY, "WRONG_PROOF", "\u001b[2J\u2028\u202e\u0085x");
    assertThat(FakeEvents.with(ADMITTED, hostile).summary())
        .contains("\\u001b[2J\\u2028\\u202e\\u0085x");
  }

  @Test
  void keepsForeignTextOfBoundedLengthOnly() {
    String longText = "x".repeat(1_000_000);
    assertThat(new Request(null, Protocol.TCP, longText, longText, null))
        .satisfies(
            request -> assertThat(request.method()).hasSize(2048).endsWith("…"),
            request -> assertThat(request.path()).hasSize(2048).endsWith("…"));
    assertThat(new Outcome(Decision.REFUSED, true, null, null, longText).detail()).hasSize(2048);
    assertThat(new Proof(List.of(), List.of(), List.of(longText), List.of()).fingerprints().get(0))
        .hasSize(2048);
  }
}
