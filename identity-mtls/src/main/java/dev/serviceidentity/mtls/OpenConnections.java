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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of both ends, judged anew twice a second: a long answer or a WebSocket makes
 * no request at which its client could be refused, and a client that keeps a connection makes no
 * handshake in which its server could be. One whose peer would be refused is closed.
 *
 * <p>An engine cannot close its container's socket. It sends nothing more but the end of TLS, which
 * containers notice when they next write; what it receives until then are requests, and refused.
 *
 * <p>Whether a certificate has been revoked may have to be asked for, and an answer may be slow; so
 * that is done beside everything else, and keeps nobody's connection open who is refused without.
 */
final class OpenConnections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenConnections.class.getName());

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ConnectionRules rules;
  private final Set<Kept> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean errorTold = new AtomicBoolean();
  private final List<RegularWork> judging;

  /** One connection, whether it was judged before, and whether its client was welcome then. */
  private record Kept(Connection connection, AtomicBoolean judged, AtomicBoolean welcomed) {
    static Kept of(Connection connection) {
      return new Kept(connection, new AtomicBoolean(), new AtomicBoolean());
    }
  }

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

  /** Judges by rules that ask nobody. */
  OpenConnections(ConnectionRules rules, ScheduledExecutorService scheduler) {
    this.rules = rules;
    this.judging = List.of(regularly("identity-mtls-connections", scheduler, this::judge));
  }

  /**
   * Judges by two sets of rules.
   *
   * @param rules ask nobody
   * @param asking the same, asking about revocation; welcomes are no concern of these
   */
  OpenConnections(
      ConnectionRules rules, ConnectionRules asking, ScheduledExecutorService scheduler) {
    this.rules = rules;
    this.judging =
        List.of(
            regularly("identity-mtls-connections", scheduler, this::judge),
            regularly("identity-mtls-revocations", scheduler, () -> judge(asking)));
  }

  private RegularWork regularly(String name, ScheduledExecutorService scheduler, Runnable work) {
    return RegularWork.start(name, scheduler, PAUSE, () -> !open.isEmpty(), work);
  }

  /** Keeps an engine of either end: which one it is of, it is told later. */
  SSLEngine keep(SSLEngine engine) {
    open.add(Kept.of(new OfEngine(new WeakReference<>(engine))));
    return engine;
  }

  /** Holds them to one more rule. */
  Subscription holdTo(ConnectionRule rule) {
    return rules.hold(rule);
  }

  /**
   * Keeps a connection of either end once its handshake is complete. To ask the socket for its
   * session would wait for the handshake; the JDK tells a listener, on a thread of its own for each
   * handshake, and only if there is one. After each handshake of TLS 1.2 it tells once more, and
   * then the newest session counts.
   *
   * @param plain what carries the TLS, or that itself, and is closed
   * @param tls of either end: which one it is of, it is told later
   */
  void keep(Socket plain, SSLSocket tls) {
    var connection = new OfSocket(new WeakReference<>(plain));
    Kept kept = Kept.of(connection);
    tls.addHandshakeCompletedListener(
        completed -> {
          connection.shaken(completed);
          open.add(kept);
        });
  }

  /** The number of connections that are kept. */
  int size() {
    return open.size();
  }

  /** Ends every connection whose peer would be refused now. */
  void judge() {
    judge(rules);
  }

  private void judge(ConnectionRules by) {
    open.removeIf(kept -> kept.connection().isGone());
    open.forEach(kept -> judge(kept, by));
  }

  /** Lets the connections be. */
  @Override
  public void close() {
    judging.forEach(RegularWork::close);
    open.clear();
  }

  private void judge(Kept kept, ConnectionRules by) {
    // A new one is let be: who is refused at a first request shall be told so by an answer.
    if (!mayStay(kept, by) && kept.judged().getAndSet(true)) {
      end(kept);
    }
  }

  private boolean mayStay(Kept kept, ConnectionRules by) {
    try {
      SSLSession session = kept.connection().session();
      if (session == null) {
        return true;
      }
      boolean may =
          kept.connection().isClient() ? by.mayStay(session) : by.mayStay(session, kept.welcomed());
      if (may) {
        kept.judged().set(true);
      }
      return may;
    } catch (RuntimeException | Error e) {
      // A checker of revocation and a provider's session are foreign code. A verifier that fails
      // refuses, and the others are still judged.
      LOG.log(
          errorTold.getAndSet(true) ? Level.DEBUG : Level.WARNING,
          "A connection whose peer could not be judged is ended",
          e);
      return false;
    }
  }

  private void end(Kept kept) {
    open.remove(kept);
    try {
      kept.connection().end();
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
