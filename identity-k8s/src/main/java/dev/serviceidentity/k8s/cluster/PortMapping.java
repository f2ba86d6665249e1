// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Quote;
import dev.serviceidentity.network.Flow.Protocol;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps one port of a rule; what is wrong with it is reported. */
record PortMapping(Problems problems, FieldPath at) {
  static final int HIGHEST = 65535;

  /** RFC 6335 section 5.1, as the API server checks it. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");

  PortRule map(NetworkPolicyPort port) {
    ModelFields.rejectUnknown(port.getAdditionalProperties(), at, problems);
    Optional<Protocol> protocol = protocol(port.getProtocol(), at.field("protocol"), problems);
    return protocol
        .map(known -> map(known, port.getPort(), port.getEndPort()))
        .orElseGet(() -> new PortRule.Malformed("its protocol is not known"));
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The API's names of protocols, in capitals; TCP where none is given. */
  static Optional<Protocol> protocol(@Nullable String name, FieldPath at, Problems problems) {
    if (name == null) {
      return Optional.of(Protocol.TCP);
    }
    return switch (name) {
      case "TCP" -> Optional.of(Protocol.TCP);
      case "UDP" -> Optional.of(Protocol.UDP);
      case "SCTP" -> Optional.of(Protocol.SCTP);
      default -> {
        problems.error(at, "must be TCP, UDP or SCTP, not " + Quote.of(name));
        yield Optional.empty();
      }
    };
  }

  private PortRule map(Protocol protocol, @Nullable IntOrString port, @Nullable Integer endPort) {
    if (port == null || (port.getIntVal() == null && port.getStrVal() == null)) {
      return endPort == null
          ? PortRule.Range.all(protocol)
          : malformed("endPort", "needs a port that the range starts at");
    }
    if (port.getIntVal() == null) {
      return named(protocol, port.getStrVal(), endPort);
    }
    int first = port.getIntVal();
    int last = endPort == null ? first : endPort;
    if (first < 1 || first > HIGHEST) {
      return malformed("port", outOfRange(first, 1) + ", or leave port out to mean all");
    }
    return last < first || last > HIGHEST
        ? malformed("endPort", outOfRange(last, first))
        : new PortRule.Range(protocol, first, last);
  }

  private PortRule named(Protocol protocol, String name, @Nullable Integer endPort) {
    if (endPort != null) {
      return malformed("endPort", "needs a port given by number, not by name");
    }
    return isName(name)
        ? new PortRule.Named(protocol, name)
        : malformed(
            "port",
            Quote.of(name)
                + " is no port name; write a number without quotes, or up to 15 of a-z, 0-9 and"
                + " '-'");
  }

  static String outOfRange(int number, int lowest) {
    return "is " + number + "; write a number from " + lowest + " to " + HIGHEST;
  }

  private PortRule malformed(String field, String message) {
    problems.errorUnlessExplained(at.field(field), message);
    return new PortRule.Malformed(message);
  }
}
