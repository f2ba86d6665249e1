// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server on loopback that tells every client in one line whom it takes it for. */
final class AnsweringServer implements AutoCloseable {
  private final MtlsIdentity identity;
  private final SSLServerSocket listening;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

  private AnsweringServer(MtlsIdentity identity, SSLServerSocket listening) {
    this.identity = identity;
    this.listening = listening;
  }

  static AnsweringServer start(MtlsIdentity identity) throws IOException {
    return start(identity, identity.tls().orElseThrow().sslContext());
  }

  static AnsweringServer start(MtlsIdentity identity, SSLContext context) throws IOException {
    var listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setSSLParameters(identity.tls().orElseThrow().serverParameters());
    var server = new AnsweringServer(identity, listening);
    server.threads.execute(server::accept);
    return server;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Calls as an identity, with its own client parameters. */
  String ask(MtlsIdentity client) throws IOException {
    return ask(
        client.tls().orElseThrow().sslContext(), client.tls().orElseThrow().clientParameters());
  }

  String ask(SSLContext context, SSLParameters parameters) throws IOException {
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(60_000);
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      if (line == null) {
        throw new EOFException("The server closed without an answer");
      }
      return line;
    }
  }

  /** How the next handshake that failed looks from here: the client may see a broken pipe only. */
  IOException failure() throws InterruptedException {
    return failures.poll(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        var socket = (SSLSocket) listening.accept();
        threads.execute(() -> answer(socket));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void answer(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      CallerEvidence evidence =
          CallerEvidence.of(
                  (InetSocketAddress) socket.getRemoteSocketAddress(),
                  (InetSocketAddress) socket.getLocalSocketAddress())
              .tlsSession(socket.getSession());
      socket.getOutputStream().write((text(evidence) + "\n").getBytes(UTF_8));
    } catch (IOException refused) {
      failures.add(refused);
    }
  }

  private String text(CallerEvidence evidence) {
    if (!identity.callers().claims(evidence)) {
      return "anonymous";
    }
    Verification verification = identity.callers().verify(evidence);
    return verification instanceof Verification.Rejected rejected
        ? rejected.reason().name() + " " + rejected.reply()
        : verification.orElseThrow().principal()
            + " "
            + verification.orElseThrow().fingerprint().orElseThrow();
  }
}
