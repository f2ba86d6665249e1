// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import java.util.stream.Collectors;

/** One compiled element of {@code ports}. */
record PortMatcher(PortRule rule) {

  Ternary matches(Contact contact) {
    return alone().matches(contact);
  }

  private RulePorts alone() {
    return RulePorts.of(List.of(rule));
  }

  Difference difference(Contact contact) {
    if (rule instanceof PortRule.Malformed broken) {
      return new Difference(
          Difference.BROKEN, "a malformed port", "that port is malformed: " + broken.problem());
    }
    if (matches(contact) == Ternary.YES) {
      return Difference.none(toString());
    }
    String has = "the flow is to " + contact.portText();
    if (rule instanceof PortRule.Named named) {
      return new Difference(
          distance(named.protocol(), contact),
          toString(),
          has + ", and " + resolved(named, contact));
    }
    Protocol protocol = ((PortRule.Range) rule).protocol();
    return new Difference(distance(protocol, contact), toString(), has);
  }

  private static int distance(Protocol protocol, Contact contact) {
    return protocol == contact.protocol() ? Difference.PORT : Difference.PROTOCOL;
  }

  private String resolved(PortRule.Named named, Contact contact) {
    Endpoint destination = contact.destination();
    if (destination instanceof Endpoint.Unknown) {
      return "which ports " + destination.name() + " names is not known";
    }
    String port = named.protocol() + " port named " + Quote.of(named.name());
    List<Integer> numbers = alone().named(destination).map(ContainerPort::number).toList();
    return numbers.isEmpty()
        ? destination.name() + " has no " + port
        : "the "
            + port
            + " of "
            + destination.name()
            + " is "
            + numbers.stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    if (rule instanceof PortRule.Range range) {
      return range.protocol() + numbers(range);
    }
    return rule instanceof PortRule.Named named
        ? named.protocol() + " port " + Quote.of(named.name())
        : "a malformed port";
  }

  private static String numbers(PortRule.Range range) {
    if (range.equals(PortRule.Range.all(range.protocol()))) {
      return "";
    }
    return " " + range.first() + (range.first() == range.last() ? "" : "-" + range.last());
  }
}
