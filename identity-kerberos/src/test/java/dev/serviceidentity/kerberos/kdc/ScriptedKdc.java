// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens where a KDC would, and does with each connection what the test says. */
public final class ScriptedKdc implements AutoCloseable {
  /** What it does with one connection. */
  public interface Script {
    void serve(byte[] request, Socket connection) throws IOException, InterruptedException;
  }

  /** What it answers to one request. */
  public interface Answers {
    byte[] to(byte[] request);
  }

  private final ServerSocket server;
  private final Script script;
  private final Thread thread = new Thread(this::run, "scripted-kdc");
  private final AtomicInteger requests = new AtomicInteger();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  private ScriptedKdc(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread.start();
  }

  public static ScriptedKdc serving(Script script) {
    try {
      return new ScriptedKdc(script);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static ScriptedKdc answering(Answers answers) {
    return serving((request, connection) -> send(connection, answers.to(request)));
  }

  static void send(Socket connection, byte[] answer) throws IOException {
    var out = new DataOutputStream(connection.getOutputStream());
    out.writeInt(answer.length);
    out.write(answer);
  }

  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  int requests() {
    return requests.get();
  }

  private void run() {
    while (!server.isClosed()) {
      try (Socket connection = server.accept()) {
        open.add(connection);
        var in = new DataInputStream(connection.getInputStream());
        byte[] request = in.readNBytes(in.readInt());
        requests.incrementAndGet();
        script.serve(request, connection);
        // A client that leaves nothing behind closes; one that does not would be waited for here.
        connection.setSoTimeout(60_000);
        while (in.read() >= 0) {
          requests.get();
        }
        open.remove(connection);
      } catch (IOException gone) {
        open.removeIf(Socket::isClosed);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  /** How many connections clients have not closed. */
  int stillOpen() {
    return open.size();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : open) {
        connection.close();
      }
      thread.interrupt();
      thread.join();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
