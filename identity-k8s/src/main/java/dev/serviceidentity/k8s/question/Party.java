// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.policy.IpAddress.Family;
import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who stands at one end of a question: a pod, the pods of a workload, or addresses. What no policy
 * can tell apart is one member. A template is one end and stands for many.
 *
 * @param label what people call it
 * @param namespace its namespace; empty for addresses
 * @param members the ends that policies may tell apart
 * @param standsForMany whether there are, or may be, several pods or addresses
 */
public record Party(String label, String namespace, List<Member> members, boolean standsForMany) {

  /**
   * Copies the list.
   *
   * @param label what people call it
   * @param namespace its namespace; empty for addresses
   * @param members the ends that policies may tell apart
   * @param standsForMany whether there are, or may be, several pods or addresses
   */
  public Party {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(namespace, "namespace");
    members = List.copyOf(members);
  }

  /** A party that is as many as it shows. */
  Party(String label, String namespace, List<Member> members) {
    this(label, namespace, members, members.stream().mapToInt(m -> m.ends().size()).sum() > 1);
  }

  /**
   * One end of a flow, or several that no policy tells apart.
   *
   * @param ends one or more
   * @param families the address families that they may have; none if that is not known
   */
  public record Member(List<FlowEnd> ends, Set<Family> families) {
    /**
     * Copies the collections.
     *
     * @param ends one or more
     * @param families the address families that they may have
     */
    public Member {
      ends = List.copyOf(ends);
      families = Set.copyOf(families);
    }

    private Stream<Member> eachEnd() {
      return ends.stream().map(end -> new Member(List.of(end), families));
    }

    boolean sharesFamilyWith(Member other) {
      return families.isEmpty()
          || other.families.isEmpty()
          || !Collections.disjoint(families, other.families);
    }
  }

  /** The two ends of one flow. */
  record Pair(FlowEnd from, FlowEnd to) {
    boolean isSelf() {
      return from.equals(to);
    }
  }

  /**
   * Tells whether it is addresses and no pods.
   *
   * @return true if it has no namespace
   */
  public boolean isOutside() {
    return namespace.isEmpty();
  }

  /**
   * The flows that a question about two parties is about. A pod to itself is one of them only where
   * there is no other, and so is a pair that no address family joins.
   */
  List<Pair> pairsTo(Party other) {
    var joined = new ArrayList<Pair>();
    var rest = new ArrayList<Pair>();
    for (Member from : membersFor(other)) {
      for (Member to : other.membersFor(this)) {
        Pair pair = pair(from, to);
        (from.sharesFamilyWith(to) && !pair.isSelf() ? joined : rest).add(pair);
      }
    }
    return joined.isEmpty() ? rest.subList(0, Math.min(1, rest.size())) : joined;
  }

  /**
   * An address may be that of one of several pods, or of its node, between which no policy makes a
   * difference, so that each of them is asked about.
   */
  private List<Member> membersFor(Party other) {
    boolean isOneAddress = other.isOutside() && !other.standsForMany;
    return isOneAddress ? members.stream().flatMap(Member::eachEnd).toList() : members;
  }

  private static Pair pair(Member from, Member to) {
    FlowEnd first = from.ends().get(0);
    FlowEnd second = to.ends().get(0);
    return new Pair(
        first, first.equals(second) && to.ends().size() > 1 ? to.ends().get(1) : second);
  }
}
