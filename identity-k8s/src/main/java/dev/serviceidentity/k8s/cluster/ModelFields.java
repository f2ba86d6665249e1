// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the API's model, which has null for what is absent and keeps unknown fields apart. */
final class ModelFields {
  private ModelFields() {}

  /** A field that is not understood may narrow what is; so what holds it cannot be used. */
  static void rejectUnknown(
      @Nullable Map<String, Object> unknown, FieldPath at, Problems problems) {
    if (unknown != null) {
      unknown
          .keySet()
          .forEach(
              name ->
                  problems.unknownField(
                      at.field(name), "is no field that NetworkPolicy v1 has; check its spelling"));
    }
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
