// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The listeners of a mechanism")
class IdentityListenersTest {
  private final IdentitySnapshot now = FakeMechanism.mtls().snapshot();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.MTLS);

  @AfterEach
  void close() {
    listeners.close();
  }

  /** Writes down what it hears, and on which thread. */
  private final class Diary implements IdentityListener {
    @Override
    public void onRotated(IdentitySnapshot current) {
      heard.add("rotated on " + Thread.currentThread().getName());
    }

    @Override
    public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
      heard.add("failed: " + cause.code());
    }

    @Override
    public void onExpired(IdentitySnapshot expired) {
      heard.add("expired");
    }
  }

  @Test
  void hearOfEachEventOnAThreadOfTheirOwn() throws Exception {
    listeners.subscribe(new Diary());
    listeners.rotated(now);
    listeners.refreshFailed(
        now, new IdentityException(IdentityException.Code.AUTHORITY_UNREACHABLE, "no answer"));
    listeners.expired(now);
    assertThat(next()).isEqualTo("rotated on identity-mtls-listeners");
    assertThat(next()).isEqualTo("failed: AUTHORITY_UNREACHABLE");
    assertThat(next()).isEqualTo("expired");
  }

  @Test
  void hearOfEventsAlsoIfOneOfThemFails() throws Exception {
    listeners.subscribe(
        new IdentityListener() {
          @Override
          public void onExpired(IdentitySnapshot expired) {
            throw new IllegalStateException("broken");
          }
        });
    listeners.subscribe(new Diary());
    listeners.expired(now);
    assertThat(next()).isEqualTo("expired");
  }

  @Test
  void hearNothingOnceTheirRegistrationIsClosedAndEachHasItsOwn() throws Exception {
    var diary = new Diary();
    Subscription first = listeners.subscribe(diary);
    listeners.subscribe(diary);
    first.close();
    first.close();
    listeners.expired(now);
    listeners.rotated(now);
    assertThat(next()).isEqualTo("expired");
    assertThat(next()).startsWith("rotated");
  }

  private String next() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }
}
