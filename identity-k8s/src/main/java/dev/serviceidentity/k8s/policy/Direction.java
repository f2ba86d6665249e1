// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Side;
import java.util.EnumSet;
import java.util.Set;

/** The two directions in which a policy may isolate a pod. */
public enum Direction {
  /** Connections that others open to the pod. */
  INGRESS("ingress", "from", "the caller", Side.INGRESS),
  /** Connections that the pod opens. */
  EGRESS("egress", "to", "the target", Side.EGRESS);

  private final String field;
  private final String peerField;
  private final String peerRole;
  private final Side side;

  Direction(String field, String peerField, String peerRole, Side side) {
    this.field = field;
    this.peerField = peerField;
    this.peerRole = peerRole;
    this.side = side;
  }

  /**
   * The directions of a policy that does not list its {@code policyTypes}: always ingress, and
   * egress only if there is an egress rule.
   *
   * @param anyEgressRule whether the policy's {@code egress} has an element
   * @return what the API server would fill in
   */
  public static Set<Direction> impliedBy(boolean anyEgressRule) {
    return anyEgressRule ? EnumSet.allOf(Direction.class) : EnumSet.of(INGRESS);
  }

  /**
   * The field of a policy that holds this direction's rules.
   *
   * @return {@code ingress} or {@code egress}
   */
  public String field() {
    return field;
  }

  /**
   * The field of such a rule that holds its peers.
   *
   * @return {@code from} or {@code to}
   */
  public String peerField() {
    return peerField;
  }

  /** The side of a flow whose policies speak of this direction. */
  Side side() {
    return side;
  }

  /** What an explanation calls the other end. */
  String peerRole() {
    return peerRole;
  }
}
