// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.spi.RegularWork;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of clients, judged anew twice a second: a long answer or a WebSocket makes
 * no request at which its client could be refused. One whose client would be refused is closed.
 *
 * <p>An engine cannot close its container's socket. It sends nothing more but the end of TLS, which
 * containers notice when they next write; what it receives until then are requests, and refused.
 */
final class OpenConnections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenConnections.class.getName());

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ConnectionRules rules;
  private final Set<Kept> open = ConcurrentHashMap.newKeySet();
  private final RegularWork judging;

  /** One connection, whether it was judged before, and whether its client was welcome then. */
  private record Kept(Connection connection, AtomicBoolean judged, AtomicBoolean welcomed) {}

  /** One connection, which is forgotten with its container's last reference. */
  private sealed interface Connection {
    /** Tells that there is nothing to judge any more. */
    boolean isGone();

    /** The session, or null before the handshake is complete. */
    @Nullable SSLSession session();

    void end() throws IOException;
  }

  /** Revocation may have to be asked for, which is no work for the scheduler itself. */
  OpenConnections(ConnectionRules rules, ScheduledExecutorService scheduler) {
    this.rules = rules;
    this.judging =
        RegularWork.start(
            "identity-mtls-connections", scheduler, PAUSE, () -> !open.isEmpty(), this::judge);
  }

  /** Keeps an engine of either end: which one it is of, it is told later. */
  SSLEngine keep(SSLEngine engine) {
    keep(new OfEngine(new WeakReference<>(engine)));
    return engine;
  }

  /** Keeps a server's connection whose handshake is complete. */
  void keep(Socket plain, SSLSession session) {
    keep(new OfSocket(new WeakReference<>(plain), session));
  }

  /** Holds them to one more rule. */
  Subscription holdTo(ConnectionRule rule) {
    return rules.hold(rule);
  }

  /** Ends every connection whose client would be refused now. */
  void judge() {
    open.removeIf(kept -> kept.connection().isGone());
    open.forEach(this::judge);
  }

  /** Lets the connections be. */
  @Override
  public void close() {
    judging.close();
    open.clear();
  }

  private void keep(Connection connection) {
    open.add(new Kept(connection, new AtomicBoolean(), new AtomicBoolean()));
  }

  private void judge(Kept kept) {
    SSLSession session = kept.connection().session();
    if (session == null) {
      return;
    }
    // A new one is let be: who is refused at a first request shall be told so by an answer.
    boolean isNew = !kept.judged().getAndSet(true);
    if (!rules.mayStay(session, kept.welcomed()) && !isNew) {
      end(kept);
    }
  }

  private void end(Kept kept) {
    open.remove(kept);
    try {
      kept.connection().end();
      LOG.log(Level.DEBUG, "Ended the connection of a client who would be refused now");
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "It did not end in good order", e);
    }
  }

  private record OfEngine(WeakReference<SSLEngine> engine) implements Connection {
    @Override
    public boolean isGone() {
      SSLEngine made = engine.get();
      return made == null || made.isOutboundDone() || (made.getUseClientMode() && isComplete(made));
    }

    @Override
    public @Nullable SSLSession session() {
      SSLEngine made = engine.get();
      return made == null || made.getUseClientMode() || !isComplete(made)
          ? null
          : made.getSession();
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

  private record OfSocket(WeakReference<Socket> plain, SSLSession session) implements Connection {
    @Override
    public boolean isGone() {
      Socket socket = plain.get();
      return socket == null || socket.isClosed();
    }

    /** Without a last word of TLS, for which a stalled peer could keep it waiting. */
    @Override
    public void end() throws IOException {
      Socket socket = plain.get();
      if (socket != null) {
        socket.close();
      }
    }
  }
}
