// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A mapping within an object of a kind that the API's model does not have, with its place. Types
 * are checked here as well as by shape, because what a live cluster gives has been through no
 * shape.
 */
record Part(Map<String, Object> fields, FieldPath at, Problems problems) {

  static Part of(Object value, FieldPath at, Problems problems) {
    var fields = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> fields.put(String.valueOf(key), each));
    } else {
      problems.errorUnlessExplained(at, "must be a mapping");
    }
    return new Part(fields, at, problems);
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  /** Those of some fields that are given. */
  List<String> given(List<String> names) {
    return names.stream().filter(this::has).toList();
  }

  void rejectOthersThan(Set<String> known) {
    fields.keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(
            name ->
                problems.unknownField(
                    at.field(name),
                    "is not known to this version" + Spelling.hint(Spelling.nearest(name, known))));
  }

  Part part(String name) {
    return of(fields.getOrDefault(name, Map.of()), at.field(name), problems);
  }

  List<Part> parts(String name) {
    var parts = new ArrayList<Part>();
    for (Object item : list(name)) {
      parts.add(of(item, at.field(name).index(parts.size()), problems));
    }
    return parts;
  }

  /** The elements of a list; an element that is no text is reported and empty. */
  List<String> texts(String name) {
    var texts = new ArrayList<String>();
    for (Object item : list(name)) {
      if (!(item instanceof String)) {
        problems.errorUnlessExplained(at.field(name).index(texts.size()), "must be text");
      }
      texts.add(item instanceof String text ? text : "");
    }
    return texts;
  }

  private List<?> list(String name) {
    Object value = fields.get(name);
    if (value != null && !(value instanceof List)) {
      problems.errorUnlessExplained(at.field(name), "must be a list");
    }
    return value instanceof List<?> list ? list : List.of();
  }

  String text(String name) {
    Object value = fields.get(name);
    if (value != null && !(value instanceof String)) {
      problems.errorUnlessExplained(at.field(name), "must be text");
    }
    return value instanceof String text ? text : "";
  }

  /** A whole number between two bounds, both included; anything else is reported. */
  Optional<Integer> number(String name, int lowest, int highest) {
    if (fields.get(name) instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= lowest
        && number.intValue() <= highest) {
      return Optional.of(number.intValue());
    }
    problems.errorUnlessExplained(
        at.field(name), "must be a number from " + lowest + " to " + highest);
    return Optional.empty();
  }

  /** Reports a list that is too short or too long for the API. */
  void bound(String name, int least, int most) {
    int size = list(name).size();
    if (size < least || size > most) {
      problems.errorUnlessExplained(
          at.field(name), "must have " + least + " to " + most + " elements");
    }
  }
}
