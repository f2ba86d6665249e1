// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Service: a name, and ports, for the pods behind it. Policies do not know it.
 *
 * @param namespace its namespace
 * @param name its name
 * @param kind how its name leads to pods
 * @param selector the labels of the pods behind it; empty if somebody else says which they are
 * @param ports its ports
 */
public record ServiceFacts(
    String namespace, String name, Kind kind, Map<String, String> selector, List<Port> ports) {

  /** How the name of a Service leads to pods. */
  public enum Kind {
    /** By an address of its own, which stands for theirs. */
    CLUSTER_IP,
    /** The name is that of their own addresses, so that ports are not translated. */
    HEADLESS,
    /** It is another name of something elsewhere. */
    EXTERNAL_NAME
  }

  /**
   * One port.
   *
   * @param name its name; empty if it has none
   * @param number its number
   * @param target the port of the pods, by number or by name
   * @param protocol its protocol
   */
  public record Port(String name, int number, String target, Protocol protocol) {
    /**
     * Checks that nothing is missing.
     *
     * @param name its name
     * @param number its number
     * @param target the port of the pods
     * @param protocol its protocol
     */
    public Port {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(protocol, "protocol");
    }

    /** Returns for example {@code https (8443/TCP)}. */
    @Override
    public String toString() {
      String shown = number + "/" + protocol;
      return name.isEmpty() ? shown : name + " (" + shown + ")";
    }
  }

  /**
   * Copies the collections.
   *
   * @param namespace its namespace
   * @param name its name
   * @param kind how its name leads to pods
   * @param selector the labels of the pods behind it
   * @param ports its ports
   */
  public ServiceFacts {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    selector = Map.copyOf(selector);
    ports = List.copyOf(ports);
  }

  /**
   * Finds a port.
   *
   * @param wanted its name or its number
   * @return empty if the Service has no such port
   */
  public Optional<Port> port(String wanted) {
    return ports.stream()
        .filter(each -> each.name().equals(wanted) || String.valueOf(each.number()).equals(wanted))
        .findFirst();
  }
}
