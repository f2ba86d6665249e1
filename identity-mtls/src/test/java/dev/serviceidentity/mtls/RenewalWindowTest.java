// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.spi.IdentityRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a certificate is renewed, by a clock that moves to just then. */
class RenewalWindowTest {
  private static final int RENEWALS = 40;

  private final SettableClock clock = new SettableClock();
  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", clock);
  private final HandDriven scheduler = new HandDriven();

  @AfterEach
  void close() {
    scheduler.shutdownNow();
  }

  @Test
  void aCertificateIsRenewedAfterSixtyToSeventyThreePercentOfWhatIsLeftOfIt() throws Exception {
    long seed = new Random().nextLong();
    Set<Duration> pauses = new HashSet<>();
    try (CertificateSource source = open(new Random(seed))) {
      for (int i = 0; i < RENEWALS; i++) {
        Due due = scheduler.due();
        Instant now = clock.instant();
        Instant end = source.read().chain().get(0).getNotAfter().toInstant();
        Duration left = Duration.between(now, end);
        assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat((double) due.pause().toMillis() / left.toMillis())
            .as("with the seed " + seed)
            .isBetween(0.5999, 0.7301);
        pauses.add(due.pause());

        clock.advance(due.pause());
        due.work().run();
      }
    }

    assertThat(pauses).as("many who began together").hasSizeGreaterThan(RENEWALS / 2);
  }

  private CertificateSource open(Random random) {
    var runtime =
        new IdentityRuntime(
            clock, scheduler, refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(60));
    return IssuedIdentity.by(ca, CertificateRequest.spiffe(World.WEB).lifetime(Duration.ofHours(1)))
        .open(new SourceContext("shop.example", runtime, random));
  }

  /** What was to be done, and after how long. */
  private record Due(Runnable work, Duration pause) {}

  /** Does nothing by itself. */
  private static final class HandDriven extends ScheduledThreadPoolExecutor {
    private final BlockingQueue<Due> planned = new LinkedBlockingQueue<>();

    private HandDriven() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
      planned.add(new Due(work, Duration.of(delay, unit.toChronoUnit())));
      return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    private Due due() throws InterruptedException {
      Due due = planned.poll(60, TimeUnit.SECONDS);
      assertThat(due).as("a renewal is planned").isNotNull();
      return due;
    }
  }
}
