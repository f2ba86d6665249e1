// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.kdc.DeafPort;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands before a KDC and passes requests on, until a test gives it trouble. */
final class TroubledKdc implements AutoCloseable {
  /** What it answers to a request; nothing if it holds its tongue. */
  private interface Conduct {
    byte[] answer(byte[] request) throws IOException, InterruptedException;
  }

  private final InetSocketAddress behind;
  private final InetSocketAddress address;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch asked = new CountDownLatch(1);
  private volatile Conduct conduct = this::pass;
  private volatile ServerSocket server;
  private volatile CompletableFuture<Void> listening;
  private DeafPort dead;

  private TroubledKdc(InetSocketAddress behind) throws IOException {
    this.behind = behind;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.address = (InetSocketAddress) server.getLocalSocketAddress();
    listen();
  }

  static TroubledKdc before(InetSocketAddress kdc) {
    try {
      return new TroubledKdc(kdc);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String address() {
    return "127.0.0.1:" + address.getPort();
  }

  /** Nobody listens any more; a thread that still accepts would keep the port open. */
  void die() throws IOException {
    server.close();
    listening.join();
    dead = DeafPort.at(address.getPort());
  }

  void freeze() {
    var never = new CountDownLatch(1);
    become(
        request -> {
          never.await();
          return request;
        });
  }

  /** Answers rightly, and late. */
  void slow(long millis) {
    become(
        request -> {
          new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
          return pass(request);
        });
  }

  void babble(String words) {
    become(request -> words.getBytes(StandardCharsets.US_ASCII));
  }

  /** Answers with a KRB-ERROR (RFC 4120 section 5.9.1). */
  void refuse(int code, Instant time) {
    refuse(code, time, new TokenWriter(64));
  }

  /** Asks for pre-authentication by no method in particular (RFC 4120 section 5.9.1). */
  void wantProof(Instant time) {
    byte[] methods = {TokenReader.SEQUENCE, 0};
    refuse(25, time, new TokenWriter(64).field(12, TokenReader.OCTET_STRING, methods));
  }

  private void refuse(int code, Instant time, TokenWriter data) {
    byte[] error =
        data.field(11, TokenReader.GENERAL_STRING, "TROUBLE".getBytes(StandardCharsets.US_ASCII))
            .integer(6, code)
            .integer(5, 0)
            .field(4, TokenReader.GENERALIZED_TIME, KerberosTime.text(time.getEpochSecond()))
            .integer(1, 30)
            .integer(0, 5)
            .wrap(TokenReader.SEQUENCE, 0)
            .wrap(TokenReader.application(30), 0)
            .bytes();
    become(request -> error);
  }

  /** Lets all that was trouble be over. */
  void heal() throws IOException {
    if (dead != null) {
      dead.close();
      dead = null;
      server = new ServerSocket(address.getPort(), 50, InetAddress.getLoopbackAddress());
      listen();
    }
    become(this::pass);
  }

  /** Waits until somebody has asked since its conduct changed. */
  void awaitRequest() throws InterruptedException {
    if (!asked.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Nobody asks " + address());
    }
  }

  private void become(Conduct next) {
    asked = new CountDownLatch(1);
    conduct = next;
  }

  private byte[] pass(byte[] request) throws IOException {
    try (var socket = new Socket(behind.getAddress(), behind.getPort())) {
      return exchange(socket, request);
    }
  }

  private static byte[] exchange(Socket socket, byte[] request) throws IOException {
    send(socket, request);
    return receive(socket);
  }

  private static byte[] receive(Socket socket) throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    return in.readNBytes(in.readInt());
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(message.length);
    out.write(message);
    out.flush();
  }

  private void listen() {
    ServerSocket mine = server;
    listening = CompletableFuture.runAsync(() -> accept(mine), threads);
  }

  private void accept(ServerSocket mine) {
    while (!mine.isClosed()) {
      try {
        Socket connection = mine.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    open.add(connection);
    try (connection) {
      byte[] request = receive(connection);
      Conduct now = conduct;
      asked.countDown();
      send(connection, now.answer(request));
    } catch (IOException left) {
      asked.countDown();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(connection);
    }
  }

  @Override
  public void close() {
    try {
      if (dead != null) {
        dead.close();
      }
      server.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      threads.shutdownNow();
    }
  }
}
