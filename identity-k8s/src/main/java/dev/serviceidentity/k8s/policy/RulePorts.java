// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All `ports` of a rule in the form that decides. How many there are does hardly matter.
 *
 * @param numbers those given by number
 * @param names those given by name
 */
record RulePorts(Ports numbers, Set<PortRule.Named> names) {

  static RulePorts of(List<PortRule> rules) {
    if (rules.isEmpty()) {
      return new RulePorts(Ports.ALL, Set.of());
    }
    var numbers = new ArrayList<PortRule.Range>();
    var names = new HashSet<PortRule.Named>();
    for (PortRule rule : rules) {
      if (rule instanceof PortRule.Range range) {
        numbers.add(range);
      } else if (rule instanceof PortRule.Named named) {
        names.add(named);
      }
    }
    return new RulePorts(Ports.of(numbers), Set.copyOf(names));
  }

  Ternary matches(Contact contact) {
    int place = Line.place(contact.protocol(), contact.port());
    if (certain(contact.destination()).contains(place)) {
      return Ternary.YES;
    }
    return Ternary.of(possible(contact.destination()).contains(place)).and(Ternary.UNKNOWN);
  }

  /** The ports of a destination that it matches. */
  Ports certain(Endpoint destination) {
    return numbers.plus(
        named(destination)
            .filter(port -> port.number() >= 1 && port.number() <= PortRule.HIGHEST)
            .map(port -> new PortRule.Range(port.protocol(), port.number(), port.number()))
            .toList());
  }

  /** The ports of a destination that it may match. */
  Ports possible(Endpoint destination) {
    return destination instanceof Endpoint.Unknown
        ? numbers.plus(
            names.stream()
                .map(PortRule.Named::protocol)
                .distinct()
                .map(PortRule.Range::all)
                .toList())
        : certain(destination);
  }

  /** Only a pod with its own network gives names to ports. */
  Stream<ContainerPort> named(Endpoint destination) {
    return destination instanceof Endpoint.OfPod of && !names.isEmpty()
        ? of.pod().facts().ports().stream().filter(this::isNamed)
        : Stream.of();
  }

  private boolean isNamed(ContainerPort port) {
    String name = port.name();
    return name != null && names.contains(new PortRule.Named(port.protocol(), name));
  }
}
