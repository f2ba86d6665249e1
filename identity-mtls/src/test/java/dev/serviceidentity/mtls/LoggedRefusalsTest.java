// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.RefusedHandshake;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoggedRefusalsTest {
  private final SettableClock clock = new SettableClock();
  private final LoggedRefusals log = new LoggedRefusals(clock);

  @Test
  void manyRefusalsForOneReasonAreOneLineAMinuteWithTheirNumber() {
    assertThat(log.line(refused(CertificateRejection.EXPIRED, "first")))
        .contains("127.0.0.1", "EXPIRED, first")
        .doesNotContain("before it");
    for (int i = 0; i < 1000; i++) {
      assertThat(log.line(refused(CertificateRejection.EXPIRED, "more"))).isNull();
    }
    assertThat(log.line(refused(CertificateRejection.SELF_SIGNED, "another"))).isNotNull();

    clock.advance(Duration.ofMinutes(1));

    assertThat(log.line(refused(CertificateRejection.EXPIRED, "last")))
        .contains("EXPIRED, last; and 1000 for the same reason before it");
    assertThat(log.line(refused(CertificateRejection.EXPIRED, "next"))).isNull();
  }

  private static RefusedHandshake refused(CertificateRejection reason, String detail) {
    return new RefusedHandshake(
        MechanismName.MTLS, reason, detail, InetAddress.getLoopbackAddress(), null);
  }
}
