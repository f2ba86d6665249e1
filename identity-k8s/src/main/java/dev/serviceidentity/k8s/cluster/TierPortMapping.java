// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Maps the ports of a rule of a cluster-wide policy, in the words of either version. */
record TierPortMapping(Problems problems) {
  private static final String PORT = "destinationPort";
  private static final String NAMED_PORT = "destinationNamedPort";
  private static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp", NAMED_PORT);
  private static final List<String> PORTS = List.of("portNumber", "portRange", "namedPort");

  List<PortRule> map(ClusterPolicyDialect dialect, Part entry) {
    boolean newer = dialect == ClusterPolicyDialect.CLUSTER_NETWORK_POLICY;
    List<String> known = newer ? PROTOCOLS : PORTS;
    entry.rejectOthersThan(Set.copyOf(known));
    List<String> given = entry.given(known);
    if (given.size() != 1) {
      problems.errorUnlessExplained(entry.at(), "needs one of " + String.join(", ", known));
      return List.of();
    }
    return newer ? protocol(entry, given.get(0)) : port(entry, given.get(0));
  }

  private List<PortRule> protocol(Part entry, String kind) {
    if (kind.equals(NAMED_PORT)) {
      return named(entry, NAMED_PORT);
    }
    Part protocol = entry.part(kind);
    protocol.rejectOthersThan(Set.of(PORT));
    if (!protocol.has(PORT)) {
      problems.errorUnlessExplained(
          protocol.at(), "needs " + PORT + "; leave protocols out to mean all");
      return List.of();
    }
    Part port = protocol.part(PORT);
    port.rejectOthersThan(Set.of("number", "range"));
    Protocol known = Protocol.valueOf(kind.toUpperCase(Locale.ROOT));
    if (port.given(List.of("number", "range")).size() != 1) {
      problems.errorUnlessExplained(port.at(), "needs one of number and range");
      return List.of();
    }
    return port.has("number")
        ? single(known, port, "number")
        : range(known, port.part("range"), Set.of("start", "end"));
  }

  private List<PortRule> port(Part entry, String kind) {
    if (kind.equals("namedPort")) {
      return named(entry, kind);
    }
    Part port = entry.part(kind);
    String written = port.has("protocol") ? port.text("protocol") : null;
    Optional<Protocol> protocol =
        PortMapping.protocol(written, port.at().field("protocol"), problems);
    if (kind.equals("portRange")) {
      return protocol
          .map(known -> range(known, port, Set.of("protocol", "start", "end")))
          .orElse(List.of());
    }
    port.rejectOthersThan(Set.of("protocol", "port"));
    return protocol.map(known -> single(known, port, "port")).orElse(List.of());
  }

  private static List<PortRule> single(Protocol protocol, Part port, String field) {
    return port.number(field, 1, PortMapping.HIGHEST).stream()
        .<PortRule>map(number -> new PortRule.Range(protocol, number, number))
        .toList();
  }

  private List<PortRule> range(Protocol protocol, Part range, Set<String> known) {
    range.rejectOthersThan(known);
    Optional<Integer> start = range.number("start", 1, PortMapping.HIGHEST);
    Optional<Integer> end = range.number("end", 1, PortMapping.HIGHEST);
    var rules = new ArrayList<PortRule>();
    if (start.isPresent() && end.isPresent()) {
      if (start.get() >= end.get()) {
        problems.error(range.at().field("end"), "must be higher than start");
      } else {
        rules.add(new PortRule.Range(protocol, start.get(), end.get()));
      }
    }
    return rules;
  }

  /** Such a name has no protocol of its own: the container port's must be the flow's. */
  private List<PortRule> named(Part entry, String field) {
    String name = entry.text(field);
    if (!PortMapping.isName(name)) {
      problems.errorUnlessExplained(entry.at().field(field), "is no port name");
      return List.of();
    }
    return Stream.of(Protocol.values())
        .<PortRule>map(protocol -> new PortRule.Named(protocol, name))
        .toList();
  }
}
