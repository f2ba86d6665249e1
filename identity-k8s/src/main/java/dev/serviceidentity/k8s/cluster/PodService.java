// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.Quote;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** A Service: a name that people have for pods, and that no policy knows. */
final class PodService {
  private PodService() {}

  static boolean isOne(ManifestObject object) {
    return object.apiVersion().equals("v1") && object.kind().equals("Service");
  }

  /** What to tell somebody who means its pods. */
  static String note(ManifestObject object) {
    String selector =
        object.at(FieldPath.of("spec", "selector")) instanceof MappingNode labels
            ? labels.getValue().stream()
                .map(
                    label ->
                        ModelFields.orEmpty(Shape.text(label.getKeyNode()))
                            + "="
                            + ModelFields.orEmpty(Shape.text(label.getValueNode())))
                .collect(Collectors.joining(", "))
            : "";
    return "policies see the pods behind it"
        + (selector.isEmpty() ? "" : ", " + Quote.plain(selector));
  }
}
