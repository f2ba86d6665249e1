// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.testkit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private final TestClock clock = TestClock.at(ForgedReply.NOW);
  private final Outages outages = new Outages(clock);

  @Test
  void anOutageThatIsLongOverIsForgotten() {
    KdcAddress gone = KdcAddress.parse("gone.example");
    assertThat(outages.failed(gone)).isTrue();
    clock.advance(Duration.ofMinutes(10));
    assertThat(outages.failed(gone)).as("is it news?").isFalse();
    clock.advance(Duration.ofMinutes(11));

    outages.failed(KdcAddress.parse("other.example"));

    assertThat(outages.answered(gone)).as("was it remembered?").isFalse();
  }
}
