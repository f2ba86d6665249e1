// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.question.Reference;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads names and labels as tests write them, and writes manifests. */
final class Names {
  /** Quotes what some readers take for a truth value; thread-safe and never changed. */
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private Names() {}

  static String json(Map<String, Object> object) {
    return JSON.asJson(object);
  }

  static Reference.Named named(String text) {
    if (Reference.parse(text) instanceof Reference.Named named) {
      return named;
    }
    throw new IllegalArgumentException("'" + text + "' is no name; write namespace/name");
  }

  static Map<String, String> labels(String... texts) {
    var labels = new LinkedHashMap<String, String>();
    for (String text : texts) {
      int sign = text.indexOf('=');
      if (sign < 1) {
        throw new IllegalArgumentException("'" + text + "' is no label; write key=value");
      }
      labels.put(text.substring(0, sign), text.substring(sign + 1));
    }
    return labels;
  }

  static Map<String, Object> metadata(Reference.Named name, Map<String, String> annotations) {
    return Map.of("namespace", name.namespace(), "name", name.name(), "annotations", annotations);
  }
}
