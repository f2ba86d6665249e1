// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static dev.serviceidentity.k8s.cluster.Scalar.FLAG;
import static dev.serviceidentity.k8s.cluster.Scalar.TEXT;
import static dev.serviceidentity.k8s.cluster.Scalar.TEXT_OR_NUMBER;
import static dev.serviceidentity.k8s.cluster.Scalar.WHOLE_NUMBER;
import static dev.serviceidentity.k8s.cluster.Shape.exactly;
import static dev.serviceidentity.k8s.cluster.Shape.fields;
import static dev.serviceidentity.k8s.cluster.Shape.list;

import java.util.Map;

/** What is read of each kind of object, and nothing else is. */
final class Shapes {
  private static final Shape LABELS = new Shape.Labels();

  private static final Shape OWNED =
      fields(
          Map.of(
              "name", TEXT,
              "namespace", TEXT,
              "uid", TEXT,
              "labels", LABELS,
              "ownerReferences", list(fields(Map.of("name", TEXT)))));

  static final Shape NAMESPACE =
      fields(Map.of("metadata", fields(Map.of("name", TEXT, "labels", LABELS))));

  static final Shape NODE =
      fields(
          Map.of(
              "metadata", fields(Map.of("name", TEXT)),
              "status",
                  fields(
                      Map.of("addresses", list(fields(Map.of("type", TEXT, "address", TEXT)))))));

  static final Shape SERVICE_ACCOUNT =
      fields(
          Map.of(
              "metadata", fields(Map.of("name", TEXT, "namespace", TEXT, "annotations", LABELS))));

  private static final Shape CONTAINERS =
      list(
          fields(
              Map.of(
                  "restartPolicy",
                  TEXT,
                  "ports",
                  list(
                      fields(
                          Map.of(
                              "name", TEXT,
                              "containerPort", WHOLE_NUMBER,
                              "protocol", TEXT))))));

  private static final Shape POD_SPEC =
      fields(
          Map.of(
              "nodeName", TEXT,
              "hostNetwork", FLAG,
              "serviceAccountName", TEXT,
              "serviceAccount", TEXT,
              "containers", CONTAINERS,
              "initContainers", CONTAINERS));

  private static final Shape ADDRESSES = list(fields(Map.of("ip", TEXT)));

  static final Shape POD =
      fields(
          Map.of(
              "metadata", OWNED,
              "spec", POD_SPEC,
              "status",
                  fields(
                      Map.of(
                          "phase", TEXT,
                          "podIP", TEXT,
                          "podIPs", ADDRESSES,
                          "hostIP", TEXT,
                          "hostIPs", ADDRESSES))));

  static final Shape WORKLOAD = fields(Map.of("metadata", OWNED));

  static final Shape POD_TEMPLATE =
      fields(Map.of("metadata", fields(Map.of("labels", LABELS)), "spec", POD_SPEC));

  static final Shape SELECTOR =
      exactly(
          Map.of(
              "matchLabels",
              LABELS,
              "matchExpressions",
              list(exactly(Map.of("key", TEXT, "operator", TEXT, "values", list(TEXT))))));

  private static final Shape PEERS =
      list(
          exactly(
              Map.of(
                  "podSelector", SELECTOR,
                  "namespaceSelector", SELECTOR,
                  "ipBlock", exactly(Map.of("cidr", TEXT, "except", list(TEXT))))));

  private static final Shape PORTS =
      list(exactly(Map.of("protocol", TEXT, "port", TEXT_OR_NUMBER, "endPort", WHOLE_NUMBER)));

  static final Shape NETWORK_POLICY =
      exactly(
          Map.of(
              "apiVersion", TEXT,
              "kind", TEXT,
              "metadata", fields(Map.of("name", TEXT, "namespace", TEXT)),
              "status", fields(Map.of()),
              "spec",
                  exactly(
                      Map.of(
                          "podSelector", SELECTOR,
                          "policyTypes", list(TEXT),
                          "ingress", list(exactly(Map.of("from", PEERS, "ports", PORTS))),
                          "egress", list(exactly(Map.of("to", PEERS, "ports", PORTS)))))));

  private Shapes() {}
}
