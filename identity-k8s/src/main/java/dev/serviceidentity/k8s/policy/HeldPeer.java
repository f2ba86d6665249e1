// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Another's address, looked up once for many questions about flows with it, such as those of one
 * connection. Looks itself up again after an update. Thread-safe.
 */
public final class HeldPeer {
  private final PolicyView view;
  private final Vantage vantage;
  private final Direction direction;
  private final IpAddress peer;

  /** May be lost between threads; then it is looked up again. */
  private volatile Held held;

  /** The answers by one engine; no line where they do not come from one. */
  record Held(PolicyEngine engine, @Nullable Line line, Ternary exemption) {}

  HeldPeer(PolicyView view, Vantage vantage, Direction direction, IpAddress peer) {
    this.view = view;
    this.vantage = vantage;
    this.direction = direction;
    this.peer = peer;
    this.held = vantage.look(view.engine(), direction, peer);
  }

  /**
   * Judges a flow with the peer.
   *
   * @param protocol the transport protocol
   * @param port the accepting side's port, 1 to 65535
   * @return the judgement of the own side's policies
   */
  public Judgement judge(Protocol protocol, int port) {
    PolicyEngine engine = view.engine();
    Held now = held;
    if (now.engine != engine) {
      now = vantage.look(engine, direction, peer);
      held = now;
    }
    int place = Line.place(protocol, port);
    return now.line == null
        ? vantage.judge(direction, peer, place)
        : now.line.at(place).withExemption(now.exemption);
  }
}
