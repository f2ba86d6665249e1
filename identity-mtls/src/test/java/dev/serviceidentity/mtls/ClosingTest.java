// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.mtls.source.PemFiles;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of an identity after it was closed: nothing. */
class ClosingTest {
  @TempDir Path directory;
  private World world;

  @BeforeEach
  void issue() {
    world = new World(directory);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void theWatchEndsWithTheIdentity() throws Exception {
    MtlsIdentity web = world.open("web");
    List<Thread> watching = watching("web");
    assertThat(watching).hasSize(1);

    web.close();

    watching.get(0).join(60_000);
    assertThat(watching.get(0).isAlive()).isFalse();
  }

  @Test
  void theWatchOfADirectoryThatIsGoneEndsToo() throws Exception {
    Path moved = world.files("moved");
    MtlsIdentity web = world.open("web");
    List<Thread> watching = watching("web");
    Files.move(world.files("web"), moved);
    assertThatThrownBy(web::refresh).isInstanceOf(IdentityException.class);

    web.close();

    watching.get(0).join(60_000);
    assertThat(watching.get(0).isAlive()).isFalse();
  }

  @Test
  void aFailureToOpenLeavesNoThread() {
    assertThatThrownBy(() -> world.open("absent")).isInstanceOf(IdentityException.class);

    assertThat(watching("absent")).isEmpty();
  }

  @Test
  void noWorkIsLeftInARuntimeThatItWasGiven() throws Exception {
    try (OwnedRuntime owned =
        OwnedRuntime.start(
            world.clock, refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(60))) {
      var planned = ((ScheduledThreadPoolExecutor) owned.runtime().scheduler()).getQueue();
      MtlsIdentity web =
          of(IssuedIdentity.by(world.ca, CertificateRequest.spiffe(World.WEB)))
              .open(owned.runtime());
      becomes("the renewal, and the judging of connections", planned, each -> each.size() > 1);

      web.close();

      becomes("nothing", planned, Collection::isEmpty);
    }
  }

  /** Work that runs in this moment is planned before and after it. */
  private static <T> void becomes(String what, Collection<T> planned, Predicate<Collection<T>> it) {
    long start = System.nanoTime();
    while (!it.test(planned)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("time without %s in %s", what, planned)
          .isLessThan(Duration.ofSeconds(60));
      Thread.onSpinWait();
    }
  }

  @Test
  void aRuntimeOfItsOwnEndsWithIt() throws Exception {
    var scheduler = new AtomicReference<ExecutorService>();
    try (World today = World.today(directory.resolve("today"))) {
      today.issue("web", World.WEB);
      SourceProvider files = PemFiles.directory(today.files("web"));
      MtlsIdentity web =
          of(context -> {
                scheduler.set(context.runtime().scheduler());
                return files.open(context);
              })
              .open();
      assertThat(scheduler.get().isShutdown()).isFalse();

      web.close();

      assertThat(scheduler.get().isShutdown()).isTrue();
    }
  }

  @Test
  void aKeyThatWasChosenIsForgotten() {
    MtlsIdentity web = world.open("web");
    X509ExtendedKeyManager keys = web.tls().orElseThrow().keyManager();
    String alias = keys.chooseClientAlias(new String[] {"EC"}, null, null);
    assertThat(keys.getPrivateKey(alias)).isNotNull();

    web.close();

    assertThat(keys.getPrivateKey(alias)).isNull();
    assertThat(keys.getCertificateChain(alias)).isNull();
  }

  private static MtlsIdentityBuilder of(SourceProvider source) {
    return MtlsIdentity.builder().source(source).trustDomain("shop.example");
  }

  @Test
  void anAcceptLoopEndsWithTheExceptionThatItExpects() throws Exception {
    MtlsIdentity web = world.open("web");
    try (ServerSocket listening =
        web.tls()
            .orElseThrow()
            .sslContext()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var accepting = new FutureTask<>(listening::accept);
      new Thread(accepting, "accepting").start();
      web.close();

      try (var client = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        assertThatThrownBy(() -> accepting.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("closed")
            .cause()
            .isInstanceOfSatisfying(
                IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
        client.setSoTimeout(60_000);
        assertThat(client.getInputStream().read()).as("the client is let go").isEqualTo(-1);
      }
      assertThat(listening.isClosed()).isTrue();
    }
  }

  private List<Thread> watching(String service) {
    String name = "identity-mtls-watch-" + world.files(service);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .toList();
  }
}
