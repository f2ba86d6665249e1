// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A type of the API's model, as a judge of fields that are not read. One that the type has is
 * nobody's business here. One that it does not have may be a misspelt one that is: without its
 * labels a pod escapes the policies that select it, and whatever denies becomes whatever allows.
 *
 * <p>Of metadata, and of an object as a whole, nothing is believed while such a field is there: no
 * newer version of Kubernetes adds fields in these places lightly. A spec or status has new fields
 * in every version; there, only what resembles a field that is read is not believed.
 */
record ModelType(String name, Set<String> fields, Set<String> read, boolean strict)
    implements Others {
  /** How the message of an unknown field ends. */
  static final String CONSEQUENCE =
      " While it is here, what depends on it is undecidable or closed";

  static ModelType of(Class<?> type, Set<String> read, boolean strict) {
    Set<String> fields =
        Arrays.stream(type.getDeclaredFields())
            .map(field -> field.getAnnotation(JsonProperty.class))
            .filter(Objects::nonNull)
            .map(JsonProperty::value)
            .collect(Collectors.toUnmodifiableSet());
    return new ModelType(type.getSimpleName(), fields, read, strict);
  }

  @Override
  public boolean keeps(String field, FieldPath at, Reading reading) {
    if (!fields.contains(field)) {
      // Each is compared with all that are known, which a file without end must not pay for.
      Optional<String> meant =
          reading.isHopeless() ? Optional.empty() : Spelling.nearest(field, fields);
      String hint = Spelling.hint(meant);
      if (strict || meant.filter(read::contains).isPresent()) {
        reading.unknownField(
            at, "is no field of " + name + (hint.isEmpty() ? "." : hint) + CONSEQUENCE);
      } else {
        reading.warning(
            at,
            "is no field of "
                + name
                + " that is known here, and is ignored"
                + (hint.isEmpty() ? "; a newer Kubernetes may have it" : hint));
      }
    }
    return false;
  }
}
