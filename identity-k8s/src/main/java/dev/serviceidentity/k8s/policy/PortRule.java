// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** One element of a rule's {@code ports}. */
public sealed interface PortRule {
  /** The highest port number there is. */
  int HIGHEST = 65535;

  /**
   * Ports by number.
   *
   * @param protocol the transport protocol
   * @param first the lowest port
   * @param last the highest port, included
   */
  record Range(Protocol protocol, int first, int last) implements PortRule {
    /**
     * Checks the bounds.
     *
     * @param protocol the transport protocol
     * @param first the lowest port
     * @param last the highest port
     * @throws IllegalArgumentException if they are not 1 to 65535, the lower one first
     */
    public Range {
      Objects.requireNonNull(protocol, "protocol");
      if (first < 1 || last > HIGHEST || first > last) {
        throw new IllegalArgumentException("Ports are 1 to 65535, the first before the last");
      }
    }

    /**
     * Every port of a protocol.
     *
     * @param protocol the transport protocol
     * @return the whole range
     */
    public static Range all(Protocol protocol) {
      return new Range(protocol, 1, HIGHEST);
    }

    /** Every port there is. */
    static List<Range> everyProtocol() {
      return Stream.of(Protocol.values()).map(Range::all).toList();
    }
  }

  /**
   * A port by the name that the accepting pod's containers give it.
   *
   * @param protocol the transport protocol, which must be the container port's as well
   * @param name the port's name
   */
  record Named(Protocol protocol, String name) implements PortRule {
    /**
     * Checks that nothing is missing.
     *
     * @param protocol the transport protocol
     * @param name the port's name
     */
    public Named {
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * A port that could not be read. It matches nothing.
   *
   * @param problem what is wrong with it
   */
  record Malformed(String problem) implements PortRule {
    /**
     * Checks that it is said why.
     *
     * @param problem what is wrong with it
     */
    public Malformed {
      Objects.requireNonNull(problem, "problem");
    }
  }
}
