// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Turns what is read of a document into the API's model, which a live cluster gives as well. */
final class ModelReader {
  /** Thread-safe and never changed; what it learns of the model's classes takes 50 ms to learn. */
  private static final KubernetesSerialization SERIALIZATION =
      new KubernetesSerialization(new ObjectMapper(), false);

  /** Reads a node; what has the wrong type is reported and left out. */
  <T> T read(@Nullable Node node, Shape shape, FieldPath at, Class<T> type, Problems problems) {
    Object fields = node == null ? null : new Reading(problems).read(shape, node, at);
    return SERIALIZATION.convertValue(fields == null ? Map.of() : fields, type);
  }
}
