// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An own address from which flows are judged, by the policies of its own side alone. Thread-safe; a
 * judgement takes no lock and makes nothing, once flows of the kind have been asked about.
 *
 * <p>A judgement from here is that of all flows which no policy tells apart, and explains one of
 * them as an example; {@link PolicyEngine#explain} explains the very flow.
 */
public final class Vantage {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;

  private final PolicyView view;
  private final IpAddress own;

  /** May be lost between threads; then it is looked up again. */
  private volatile Standing standing;

  /** The own address by one engine. */
  private record Standing(PolicyEngine engine, List<Party> all, Party first) {}

  Vantage(PolicyView view, IpAddress own) {
    this.view = view;
    this.own = own;
    this.standing = standing(view.engine());
  }

  private Standing standing(PolicyEngine engine) {
    List<Party> all = engine.index().addresses().at(own);
    return new Standing(engine, all, all.get(0));
  }

  private Standing current() {
    PolicyEngine engine = view.engine();
    Standing now = standing;
    if (now.engine != engine) {
      now = standing(engine);
      standing = now;
    }
    return now;
  }

  /**
   * Judges a flow between the own address and another.
   *
   * @param direction whether the other opens the connection or accepts it
   * @param peer the other's address as a socket gives it, 4 or 16 bytes
   * @param protocol the transport protocol
   * @param port the accepting side's port, 1 to 65535
   * @return the judgement of the own side's policies
   * @throws IllegalArgumentException if the address has another length
   */
  public Judgement judge(Direction direction, byte[] peer, Protocol protocol, int port) {
    if (peer.length == V4_BYTES) {
      long low = Blocks.V4 | Integer.toUnsignedLong((int) INTS.get(peer, 0));
      return judge(direction, 0, low, Line.place(protocol, port));
    }
    if (peer.length != V6_BYTES) {
      throw new IllegalArgumentException("An address has 4 or 16 bytes, not " + peer.length);
    }
    long high = (long) LONGS.get(peer, 0);
    return judge(direction, high, (long) LONGS.get(peer, Long.BYTES), Line.place(protocol, port));
  }

  private Judgement judge(Direction direction, long high, long orderedLow, int place) {
    if (Blocks.isV4(high, orderedLow) != (own.family() == IpAddress.Family.IPV4)) {
      return FixedJudgements.NO_FLOW;
    }
    Standing now = current();
    Party peer = now.engine.index().addresses().onlyAt(high, orderedLow);
    return peer == null || now.all.size() > 1
        ? judgeAll(now, direction, now.engine.index().addresses().alike(high, orderedLow), place)
        : now.engine.judge(direction, now.first, peer, place);
  }

  /** Indexes and not iterators, since nothing is to be made. */
  private static Judgement judgeAll(
      Standing now, Direction direction, List<Party> peers, int place) {
    Judgement first = now.engine.judge(direction, now.first, peers.get(0), place);
    for (int i = 0; i < now.all.size(); i++) {
      for (int j = 0; j < peers.size(); j++) {
        Judgement each = now.engine.judge(direction, now.all.get(i), peers.get(j), place);
        if (each.verdict() != first.verdict()) {
          return FixedJudgements.DISAGREEMENT;
        }
      }
    }
    return first;
  }

  /**
   * Looks another address up once, for many questions.
   *
   * @param direction whether the other opens connections or accepts them
   * @param peer the other's address
   * @return a handle that follows every update
   */
  public HeldPeer hold(Direction direction, IpAddress peer) {
    return new HeldPeer(view, this, direction, peer);
  }

  /** The answers for all ports between the own and another address, or null if they are not one. */
  HeldPeer.Held look(PolicyEngine engine, Direction direction, IpAddress peer) {
    List<Party> owns = engine.index().addresses().at(own);
    List<Party> peers = engine.index().addresses().at(peer);
    boolean one = owns.size() == 1 && peers.size() == 1 && own.family() == peer.family();
    IndexedPod pod = owns.get(0).pod();
    if (!one || pod == null) {
      return new HeldPeer.Held(engine, null, Ternary.NO);
    }
    Party other = peers.get(0);
    return engine.fixed(pod, other) == null
        ? new HeldPeer.Held(engine, engine.line(direction, pod, other), Exemption.of(pod, other))
        : new HeldPeer.Held(engine, null, Ternary.NO);
  }

  Judgement judge(Direction direction, IpAddress peer, int place) {
    return judge(direction, peer.high(), Blocks.orderedLow(peer), place);
  }
}
