// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One compiled element of {@code ports}. */
record PortMatcher(PortRule rule) {

  Ternary matches(Contact contact) {
    if (rule instanceof PortRule.Range range) {
      return Ternary.of(
          range.protocol() == contact.protocol()
              && range.first() <= contact.port()
              && contact.port() <= range.last());
    }
    if (rule instanceof PortRule.Named named) {
      return matches(named, contact);
    }
    return Ternary.NO;
  }

  /** Adds the places in a line before and behind the ports that it matches. */
  void addBorders(Contact contact, Set<Integer> places) {
    if (rule instanceof PortRule.Range range && range.protocol() == contact.protocol()) {
      addBorders(range.protocol(), range.first(), range.last(), places);
    } else if (rule instanceof PortRule.Named named && named.protocol() == contact.protocol()) {
      numbers(named, contact.destination())
          .forEach(number -> addBorders(named.protocol(), number, number, places));
    }
  }

  private static void addBorders(Protocol protocol, int first, int last, Set<Integer> places) {
    places.add(Line.place(protocol, first));
    if (last < PortRule.HIGHEST) {
      places.add(Line.place(protocol, last + 1));
    }
  }

  private static Ternary matches(PortRule.Named named, Contact contact) {
    if (named.protocol() != contact.protocol()) {
      return Ternary.NO;
    }
    if (contact.destination() instanceof Endpoint.Unknown) {
      return Ternary.UNKNOWN;
    }
    return Ternary.of(
        numbers(named, contact.destination()).stream().anyMatch(n -> n == contact.port()));
  }

  /** Only a pod with its own network gives names to ports. */
  private static List<Integer> numbers(PortRule.Named named, Endpoint destination) {
    return destination instanceof Endpoint.OfPod of
        ? of.pod().facts().ports().stream()
            .filter(port -> named.name().equals(port.name()))
            .filter(port -> named.protocol() == port.protocol())
            .map(ContainerPort::number)
            .toList()
        : List.of();
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

  private static String resolved(PortRule.Named named, Contact contact) {
    Endpoint destination = contact.destination();
    if (destination instanceof Endpoint.Unknown) {
      return "which ports " + destination.name() + " names is not known";
    }
    String port = named.protocol() + " port named " + Quote.of(named.name());
    List<Integer> numbers = numbers(named, destination);
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
