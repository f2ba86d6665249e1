// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when an identity does not open: nothing. */
class FailedOpeningTest {
  @TempDir Path directory;

  @Test
  void aProviderThatTakesNoKeysOfOthersIsNamedAndNothingStaysOpen() throws Exception {
    var source = new HandMadeSource();
    source.files = Set.of(directory.resolve("unread"));
    try (OwnedRuntime owned = runtime()) {
      MtlsIdentityBuilder builder = identity(source).provider(new Strict());

      assertThatThrownBy(() -> builder.open(owned.runtime()))
          .isInstanceOfSatisfying(
              IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION))
          .hasMessageContaining("The provider Strict makes no TLS context")
          .hasMessageContaining("choose another with provider(...)")
          .hasRootCauseMessage("only my own key managers may be used");

      assertThat(((ScheduledThreadPoolExecutor) owned.runtime().scheduler()).getQueue()).isEmpty();
    }
    assertThat(source.closed).hasValue(1);
    assertNobodyWatches();
  }

  @Test
  void aSourceThatThrowsAtItsLastQuestionIsClosedAndNotWatched() throws Exception {
    var source = new HandMadeSource();
    source.files = Set.of(directory.resolve("unread"));
    source.onRegister =
        () -> {
          throw new IllegalStateException("no events from here");
        };

    try (OwnedRuntime owned = runtime()) {
      assertThatThrownBy(() -> identity(source).open(owned.runtime()))
          .hasMessage("no events from here");
    }

    assertThat(source.closed).hasValue(1);
    assertNobodyWatches();
  }

  private static OwnedRuntime runtime() {
    return OwnedRuntime.start(
        new SettableClock(), refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(10));
  }

  private static MtlsIdentityBuilder identity(SourceProvider source) {
    return MtlsIdentity.builder().source(source).trustDomain("shop.example");
  }

  private void assertNobodyWatches() throws InterruptedException {
    List<Thread> watching =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("identity-mtls-watch-" + directory))
            .toList();
    for (Thread thread : watching) {
      thread.join(30_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** A provider such as one that may be used for certified cryptography alone. */
  private static final class Strict extends Provider {
    private static final long serialVersionUID = 1L;

    private Strict() {
      super("Strict", "1", "Takes no keys of others");
      put("SSLContext.TLS", StrictContext.class.getName());
    }
  }

  /** Made by its provider. */
  public static final class StrictContext extends SSLContextSpi {
    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("only my own key managers may be used");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw new IllegalStateException("It is not initialized");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new IllegalStateException("It is not initialized");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw new IllegalStateException("It is not initialized");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw new IllegalStateException("It is not initialized");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw new IllegalStateException("It is not initialized");
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      throw new IllegalStateException("It is not initialized");
    }
  }
}
