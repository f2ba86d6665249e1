// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The way of one flow through one tier: the rules that may match it, from the top down to the first
 * that certainly does. Without such a rule the flow may leave the tier at its end.
 */
record TierCourse(List<Turn> turns, boolean openEnd) {

  record Turn(TierStep step, boolean certain) {}

  /** Of the turns that a flow may take, in their order. */
  static TierCourse of(Stream<Turn> possible) {
    var turns = new ArrayList<Turn>();
    Iterator<Turn> rest = possible.iterator();
    while (rest.hasNext()) {
      Turn turn = rest.next();
      turns.add(turn);
      if (turn.certain) {
        return new TierCourse(List.copyOf(turns), false);
      }
    }
    return new TierCourse(List.copyOf(turns), true);
  }

  /** Whether the flow is permitted, by what a denial and leaving the tier mean here. */
  Ternary permits(Ternary onDeny, Ternary onNext) {
    Ternary result = openEnd ? onNext : permits(turns.get(turns.size() - 1), onDeny, onNext);
    for (Turn turn : turns) {
      result = result.either(permits(turn, onDeny, onNext));
    }
    return result;
  }

  private static Ternary permits(Turn turn, Ternary onDeny, Ternary onNext) {
    return switch (turn.step().facts().action()) {
      case ACCEPT -> Ternary.YES;
      case DENY -> onDeny;
      case PASS -> onNext;
    };
  }

  boolean mayLeave() {
    return openEnd
        || turns.stream().anyMatch(t -> t.step().facts().action() == TierRule.Action.PASS);
  }
}
