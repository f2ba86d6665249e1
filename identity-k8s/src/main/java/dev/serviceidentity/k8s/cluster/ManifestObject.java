// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.FieldPath.Step;
import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.policy.Quote;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One object as it is written: what it says it is, and where. */
record ManifestObject(String apiVersion, String kind, Node node, String file, int firstLine) {
  private static final String DEFAULT_NAMESPACE = "default";

  Subject subject() {
    Node metadata = Shape.child(node, "metadata");
    return new Subject(
        kind,
        ModelFields.orEmpty(Shape.text(Shape.child(metadata, "namespace"))),
        ModelFields.orEmpty(Shape.text(Shape.child(metadata, "name"))));
  }

  /** Where kubectl would put it. */
  String namespace() {
    String written = subject().namespace();
    return written.isEmpty() ? DEFAULT_NAMESPACE : written;
  }

  /** Its namespace and name, by which no other object of its kind may go. */
  String path() {
    return namespace() + "/" + subject().name();
  }

  /** What and where it is, for a sentence. */
  String describe() {
    return Quote.plain(subject()) + " at " + place();
  }

  Place place() {
    return placeOf(FieldPath.ROOT);
  }

  /** The line of a field, or of the nearest field around it that is written. */
  Place placeOf(FieldPath field) {
    Node value = node;
    Node nearest = node;
    for (Step step : field.steps()) {
      if (step instanceof Step.Index index) {
        value = item(value, index.at());
        nearest = value == null ? nearest : value;
      } else {
        NodeTuple entry = Shape.entry(value, ((Step.Field) step).name());
        value = entry == null ? null : entry.getValueNode();
        nearest = entry == null ? nearest : entry.getKeyNode();
      }
      if (value == null) {
        break;
      }
    }
    return new Place(file, lineOf(nearest, firstLine));
  }

  /** The value at a path, or null where nothing is written. */
  @Nullable Node at(FieldPath field) {
    Node value = node;
    for (Step step : field.steps()) {
      value =
          step instanceof Step.Index index
              ? item(value, index.at())
              : Shape.child(value, ((Step.Field) step).name());
    }
    return value;
  }

  static int lineOf(Node node, int firstLine) {
    return firstLine + node.getStartMark().map(mark -> mark.getLine()).orElse(0);
  }

  private static @Nullable Node item(@Nullable Node node, int index) {
    return node instanceof SequenceNode list && index < list.getValue().size()
        ? list.getValue().get(index)
        : null;
  }
}
