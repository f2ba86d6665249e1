// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The engine in force, which changes while others ask it. Thread-safe; whoever asks takes one
 * engine with one volatile read, waits for nobody, and is answered from that engine alone.
 *
 * <pre>{@code
 * PolicyView view = PolicyView.of(engine);
 * Vantage own = view.at(ownAddress);
 * Judgement judgement = own.judge(Direction.INGRESS, callerAddress.getAddress(), TCP, 8080);
 * view.update(engine -> engine.with(changedPod));
 * }</pre>
 */
public final class PolicyView {
  private final AtomicReference<PolicyEngine> current;

  private PolicyView(PolicyEngine first) {
    this.current = new AtomicReference<>(Objects.requireNonNull(first, "first"));
  }

  /**
   * A view that starts with an engine.
   *
   * @param first the engine in force until the first update
   * @return the view
   */
  public static PolicyView of(PolicyEngine first) {
    return new PolicyView(first);
  }

  /**
   * The engine in force.
   *
   * @return an engine that stays as it is
   */
  public PolicyEngine engine() {
    return Objects.requireNonNull(current.get());
  }

  /**
   * Puts another engine in force. Several updates at once all happen, one after the other.
   *
   * @param change makes the next engine of the last one; called again if another update was faster
   * @return the engine now in force
   * @throws NullPointerException if the change gives none; then the last engine stays in force
   */
  public PolicyEngine update(UnaryOperator<PolicyEngine> change) {
    return Objects.requireNonNull(
        current.updateAndGet(
            engine -> Objects.requireNonNull(change.apply(engine), "changed engine")));
  }

  /**
   * The place of an own address, for questions about flows from and to it.
   *
   * @param address any address; the best is that of a pod
   * @return a place that follows every update
   */
  public Vantage at(IpAddress address) {
    return new Vantage(this, address);
  }
}
