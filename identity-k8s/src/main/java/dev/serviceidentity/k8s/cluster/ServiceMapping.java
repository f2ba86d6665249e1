// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.SliceFacts.Endpoint;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps Services and EndpointSlices. A port or endpoint that cannot be read is left out. */
record ServiceMapping(Problems problems) {
  private static final String NONE = "None";

  ServiceFacts service(String namespace, String name, Map<String, ?> json) {
    Part spec = Part.of(json, FieldPath.ROOT, problems).part("spec");
    var selector = new HashMap<String, String>();
    spec.part("selector")
        .fields()
        .forEach((key, value) -> selector.put(key, String.valueOf(value)));
    return new ServiceFacts(
        namespace,
        name,
        kind(spec),
        selector,
        spec.parts("ports").stream().flatMap(port -> port(port).stream()).toList());
  }

  private static ServiceFacts.Kind kind(Part spec) {
    if (spec.text("type").equals("ExternalName")) {
      return ServiceFacts.Kind.EXTERNAL_NAME;
    }
    return spec.text("clusterIP").equals(NONE)
        ? ServiceFacts.Kind.HEADLESS
        : ServiceFacts.Kind.CLUSTER_IP;
  }

  private Optional<ServiceFacts.Port> port(Part port) {
    Optional<Integer> number = port.number("port", 1, PortMapping.HIGHEST);
    Optional<Protocol> protocol = protocol(port);
    return number.isEmpty() || protocol.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ServiceFacts.Port(
                port.text("name"),
                number.get(),
                String.valueOf(
                    port.has("targetPort") ? port.fields().get("targetPort") : number.get()),
                protocol.get()));
  }

  private Optional<Protocol> protocol(Part port) {
    return PortMapping.protocol(
        port.has("protocol") ? port.text("protocol") : null, port.at().field("protocol"), problems);
  }

  /** The two versions of the API differ in nothing that is read here. */
  SliceFacts slice(String namespace, Map<String, ?> json) {
    Part slice = Part.of(json, FieldPath.ROOT, problems);
    var endpoints = new ArrayList<Endpoint>();
    for (Part each : slice.parts("endpoints")) {
      Part target = each.part("targetRef");
      boolean isPod = target.text("kind").equals("Pod");
      String where = target.has("namespace") ? target.text("namespace") : namespace;
      endpoints.add(
          new Endpoint(
              isPod ? where + "/" + target.text("name") : "",
              List.copyOf(each.texts("addresses"))));
    }
    return new SliceFacts(endpoints, ports(slice.parts("ports")));
  }

  /** A port without a number stands for all, which no Service that selects pods has. */
  private static Map<String, Integer> ports(List<Part> written) {
    var ports = new HashMap<String, Integer>();
    for (Part port : written) {
      if (port.has("port")) {
        port.number("port", 1, PortMapping.HIGHEST)
            .ifPresent(number -> ports.put(port.text("name"), number));
      }
    }
    return ports;
  }
}
