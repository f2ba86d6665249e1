// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
