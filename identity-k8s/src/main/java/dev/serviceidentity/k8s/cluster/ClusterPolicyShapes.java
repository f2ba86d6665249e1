// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static dev.serviceidentity.k8s.cluster.Scalar.TEXT;
import static dev.serviceidentity.k8s.cluster.Scalar.WHOLE_NUMBER;
import static dev.serviceidentity.k8s.cluster.Shape.exactly;
import static dev.serviceidentity.k8s.cluster.Shape.fields;
import static dev.serviceidentity.k8s.cluster.Shape.list;

import java.util.Map;

/** What is read of the cluster-wide policies. */
final class ClusterPolicyShapes {
  private static final Shape PODS =
      exactly(Map.of("namespaceSelector", Shapes.SELECTOR, "podSelector", Shapes.SELECTOR));

  private static final Shape SUBJECT = exactly(Map.of("namespaces", Shapes.SELECTOR, "pods", PODS));

  private static final Shape PEERS =
      list(exactly(Map.of("namespaces", Shapes.SELECTOR, "pods", PODS, "networks", list(TEXT))));

  private static final Shape PROTOCOL =
      exactly(
          Map.of(
              "destinationPort",
              exactly(
                  Map.of(
                      "number",
                      WHOLE_NUMBER,
                      "range",
                      exactly(Map.of("start", WHOLE_NUMBER, "end", WHOLE_NUMBER))))));

  private static final Shape PROTOCOLS =
      list(
          exactly(
              Map.of(
                  "tcp", PROTOCOL,
                  "udp", PROTOCOL,
                  "sctp", PROTOCOL,
                  "destinationNamedPort", TEXT)));

  private static final Shape PORTS =
      list(
          exactly(
              Map.of(
                  "portNumber", exactly(Map.of("protocol", TEXT, "port", WHOLE_NUMBER)),
                  "portRange",
                      exactly(Map.of("protocol", TEXT, "start", WHOLE_NUMBER, "end", WHOLE_NUMBER)),
                  "namedPort", TEXT)));

  private ClusterPolicyShapes() {}

  static Shape of(ClusterPolicyDialect dialect) {
    Shape ports = dialect == ClusterPolicyDialect.CLUSTER_NETWORK_POLICY ? PROTOCOLS : PORTS;
    return exactly(
        Map.of(
            "apiVersion", TEXT,
            "kind", TEXT,
            "metadata", fields(Map.of("name", TEXT)),
            "status", fields(Map.of()),
            "spec",
                exactly(
                    Map.of(
                        "tier", TEXT,
                        "priority", WHOLE_NUMBER,
                        "subject", SUBJECT,
                        "ingress", rules("from", dialect.portsField(), ports),
                        "egress", rules("to", dialect.portsField(), ports)))));
  }

  private static Shape rules(String peersField, String portsField, Shape ports) {
    return list(
        exactly(Map.of("name", TEXT, "action", TEXT, peersField, PEERS, portsField, ports)));
  }
}
