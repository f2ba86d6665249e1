// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A service on loopback that answers each call with the name that it takes the caller for. */
final class TlsCalls implements AutoCloseable {
  private final MtlsIdentity identity;
  private final SSLServerSocket listening;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private TlsCalls(MtlsIdentity identity, SSLServerSocket listening) {
    this.identity = identity;
    this.listening = listening;
  }

  static TlsCalls to(MtlsIdentity identity) throws IOException {
    TlsMaterial tls = identity.tls().orElseThrow();
    var listening =
        (SSLServerSocket)
            tls.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setSSLParameters(tls.serverParameters());
    var calls = new TlsCalls(identity, listening);
    calls.threads.execute(calls::accept);
    return calls;
  }

  /** Calls once, on a connection of its own. */
  String by(MtlsIdentity client) throws IOException {
    TlsMaterial tls = client.tls().orElseThrow();
    try (var socket =
        (SSLSocket)
            tls.sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      socket.setSSLParameters(tls.clientParameters());
      socket.setSoTimeout(60_000);
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = (SSLSocket) listening.accept();
        threads.execute(() -> answer(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      Verification caller =
          identity
              .callers()
              .verify(
                  CallerEvidence.of(
                          (InetSocketAddress) socket.getRemoteSocketAddress(),
                          (InetSocketAddress) socket.getLocalSocketAddress())
                      .tlsSession(socket.getSession()));
      String answer =
          caller instanceof Verification.Rejected rejected
              ? rejected.reason().name()
              : caller.orElseThrow().principal().toString();
      socket.getOutputStream().write(answer.getBytes(UTF_8));
    } catch (IOException refused) {
      // The client sees the end of the connection, and the test looks there.
      assert socket.isClosed();
    }
  }
}
