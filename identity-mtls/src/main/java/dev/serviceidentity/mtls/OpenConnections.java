// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.spi.BackgroundThread;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of both ends, judged anew twice a second: a long answer or a WebSocket makes
 * no request at which its client could be refused, and a connection that a client keeps makes no
 * handshake at which its server could be. One whose peer would be refused is closed.
 *
 * <p>An engine cannot close its container's socket. It sends nothing more but the end of TLS, which
 * containers notice when they next write; what it receives until then are requests, and refused.
 */
final class OpenConnections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenConnections.class.getName());

  private static final int PAUSE_MILLIS = 500;

  private final Predicate<SSLSession> mayStay;
  private final Predicate<SSLSession> mayBeCalled;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean judging = new AtomicBoolean();
  private final BackgroundThread thread = new BackgroundThread("identity-mtls-connections");
  private final ScheduledFuture<?> regularly;

  /** One connection, which is forgotten with its container's last reference. */
  private sealed interface Connection {
    /** Tells that there is nothing to judge any more. */
    boolean isGone();

    /** The session, or null before the handshake is complete. */
    @Nullable SSLSession session();

    /** Tells whether the peer is a server. */
    boolean isClient();

    void end() throws IOException;
  }

  /**
   * Begins to judge.
   *
   * @param mayStay judges the clients of servers
   * @param mayBeCalled judges the servers of clients
   * @param scheduler tells when
   */
  OpenConnections(
      Predicate<SSLSession> mayStay,
      Predicate<SSLSession> mayBeCalled,
      ScheduledExecutorService scheduler) {
    this.mayStay = mayStay;
    this.mayBeCalled = mayBeCalled;
    this.regularly =
        scheduler.scheduleWithFixedDelay(
            this::judgeSoon, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Keeps an engine of either end: which one it is of, it is told later. */
  SSLEngine keep(SSLEngine engine) {
    open.add(new OfEngine(new WeakReference<>(engine)));
    return engine;
  }

  /**
   * Keeps a connection of either end once its handshake is complete. To ask the socket for its
   * session would wait for the handshake, so the JDK tells; after each handshake of TLS 1.2 once
   * more, and then its newest session counts.
   *
   * @param plain what carries the TLS, or that itself, and is closed
   * @param tls of either end: which one it is of, it is told later
   */
  void keep(Socket plain, SSLSocket tls) {
    var connection = new OfSocket(new WeakReference<>(plain));
    tls.addHandshakeCompletedListener(
        completed -> {
          connection.shaken(completed);
          open.add(connection);
        });
  }

  /** The number of connections that are kept. */
  int size() {
    return open.size();
  }

  /** Ends every connection whose peer would be refused now. */
  void judge() {
    open.removeIf(Connection::isGone);
    for (Connection connection : open) {
      SSLSession session = connection.session();
      if (session != null && !(connection.isClient() ? mayBeCalled : mayStay).test(session)) {
        end(connection);
      }
    }
  }

  /** Lets the connections be. */
  @Override
  public void close() {
    regularly.cancel(false);
    thread.close();
    open.clear();
  }

  /** Revocation may have to be asked for, which is no work for the scheduler. */
  private void judgeSoon() {
    if (!open.isEmpty() && judging.compareAndSet(false, true)) {
      thread.execute(
          () -> {
            try {
              judge();
            } finally {
              judging.set(false);
            }
          });
    }
  }

  private void end(Connection connection) {
    open.remove(connection);
    try {
      connection.end();
      LOG.log(Level.DEBUG, "Ended the connection of a peer who would be refused now");
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "It did not end in good order", e);
    }
  }

  private record OfEngine(WeakReference<SSLEngine> engine) implements Connection {
    @Override
    public boolean isGone() {
      SSLEngine made = engine.get();
      return made == null || made.isOutboundDone();
    }

    @Override
    public @Nullable SSLSession session() {
      SSLEngine made = engine.get();
      return made == null || !isComplete(made) ? null : made.getSession();
    }

    @Override
    public boolean isClient() {
      SSLEngine made = engine.get();
      return made != null && made.getUseClientMode();
    }

    @Override
    public void end() {
      SSLEngine made = engine.get();
      if (made != null) {
        made.closeOutbound();
      }
    }

    /** Before the handshake there is a session with neither protocol nor peer. */
    private static boolean isComplete(SSLEngine engine) {
      return !engine.getSession().getProtocol().equals("NONE");
    }
  }

  /** Known by identity: however many handshakes there are on it, it is one connection. */
  private static final class OfSocket implements Connection {
    private final WeakReference<Socket> plain;
    private volatile @Nullable SSLSession session;
    private volatile boolean client;

    OfSocket(WeakReference<Socket> plain) {
      this.plain = plain;
    }

    void shaken(HandshakeCompletedEvent completed) {
      client = completed.getSocket().getUseClientMode();
      session = completed.getSession();
    }

    @Override
    public boolean isGone() {
      Socket socket = plain.get();
      return socket == null || socket.isClosed();
    }

    @Override
    public @Nullable SSLSession session() {
      return session;
    }

    @Override
    public boolean isClient() {
      return client;
    }

    /** Without a last word of TLS, for which a stalled peer could keep it waiting. */
    @Override
    public void end() throws IOException {
      Socket socket = plain.get();
      if (socket != null) {
        // Where the TLS has no socket under it, it is told not to wait for that word.
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
  }
}
