// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A rule in the form that decides and that explains. */
record CompiledRule(
    RulePlace place, List<PeerMatcher> peers, List<PortMatcher> ports, RulePorts anyPort) {

  static CompiledRule compile(
      RulePlace place, String namespace, Rule rule, Assumptions assumptions) {
    return new CompiledRule(
        place,
        rule.peers().stream()
            .map(peer -> PeerMatcher.compile(namespace, peer, assumptions))
            .toList(),
        rule.ports().stream().map(PortMatcher::new).toList(),
        RulePorts.of(rule.ports()));
  }

  Ternary admits(Contact contact) {
    return matchesPeer(contact).and(matchesPort(contact));
  }

  Ternary matchesPeer(Contact contact) {
    Ternary best = Ternary.of(peers.isEmpty());
    for (PeerMatcher peer : peers) {
      best = best.or(peer.matches(contact.peer()));
    }
    return best;
  }

  Ternary matchesPort(Contact contact) {
    return anyPort.matches(contact);
  }

  /** Its place tells it from all others. */
  @Override
  public int hashCode() {
    return place.hashCode();
  }

  /** The rule's reference, down to the peer that matches. */
  String referenceFor(Contact contact) {
    return IntStream.range(0, peers.size())
        .filter(i -> peers.get(i).matches(contact.peer()) == Ternary.YES)
        .mapToObj(i -> place.reference() + "." + place.direction().peerField() + "[" + i + "]")
        .findFirst()
        .orElse(place.reference());
  }

  /** The peer and the port of the rule that a contact matches, as they are written. */
  String matched(Contact contact) {
    String role = contact.direction().peerRole();
    String peer =
        peers.stream()
            .filter(each -> each.matches(contact.peer()) == Ternary.YES)
            .findFirst()
            .map(each -> each.difference(contact.peer(), role).wants())
            .orElse("everybody");
    String port =
        ports.stream()
            .filter(each -> each.matches(contact) == Ternary.YES)
            .findFirst()
            .map(PortMatcher::toString)
            .orElse("every port");
    return peer + " on " + port;
  }

  /** Whether a block matches a pod here, which not every network plugin does. */
  boolean admitsPodByBlock(Contact contact) {
    return contact.peer() instanceof Endpoint.OfPod
        && peers.stream()
            .filter(peer -> peer.matches(contact.peer()) == Ternary.YES)
            .findFirst()
            .filter(BlockPeer.class::isInstance)
            .isPresent();
  }

  /** The least that would have to change for this rule to admit, or to be known to admit. */
  Miss miss(Contact contact) {
    String role = contact.direction().peerRole();
    Difference peer =
        matchesPeer(contact) == Ternary.YES
            ? Difference.none(role)
            : nearest(peers.stream().map(p -> p.difference(contact.peer(), role)));
    Difference port =
        matchesPort(contact) == Ternary.YES
            ? Difference.none("")
            : nearest(ports.stream().map(p -> p.difference(contact)));
    return new Miss(place.policyName(), peer, port);
  }

  private static Difference nearest(Stream<Difference> differences) {
    return differences.min(Comparator.comparingInt(Difference::distance)).orElseThrow();
  }
}
