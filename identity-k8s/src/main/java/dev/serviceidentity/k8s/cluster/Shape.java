// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The part of an object that is read, and the types that it must have. Reading gives plain maps,
 * lists and scalars without what has the wrong type; each omission is reported. A null is as if the
 * field were absent, as in the API.
 */
sealed interface Shape permits Scalar, Shape.ListOf, Shape.Labels, Shape.Fields, Shape.Elsewhere {

  /** Returns what the node holds, or null, after reporting, if it has another type. */
  @Nullable Object read(Node node, FieldPath at, Reading reading);

  /** The words of the core schema for null (YAML 1.2.2, section 10.3.2). */
  Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  /** A tag alone makes nothing absent: some readers believe it, and some see what it is put to. */
  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.NULL)
        && NULLS.contains(scalar.getValue());
  }

  static boolean isPlain(CollectionNode<?> node) {
    return node.getTag().equals(node instanceof MappingNode ? Tag.MAP : Tag.SEQ);
  }

  /** A list. An element of the wrong type leaves its place empty, so that indexes stay. */
  record ListOf(Shape element) implements Shape {
    @Override
    public @Nullable Object read(Node node, FieldPath at, Reading reading) {
      if (!(node instanceof SequenceNode sequence) || !isPlain(sequence)) {
        return reading.wrongType(at, "a list");
      }
      var list = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        Object value = reading.read(element, item, at.index(list.size()));
        list.add(value == null && element instanceof Fields ? Map.of() : value);
      }
      return list;
    }
  }

  /** A mapping from any text to text. */
  record Labels() implements Shape {
    @Override
    public @Nullable Object read(Node node, FieldPath at, Reading reading) {
      if (!(node instanceof MappingNode mapping) || !isPlain(mapping)) {
        return reading.wrongType(at, "a mapping");
      }
      var seen = new HashSet<String>();
      var labels = new LinkedHashMap<String, Object>();
      for (NodeTuple entry : mapping.getValue()) {
        String key = reading.key(entry, at, seen);
        Object value = reading.read(Scalar.TEXT, entry.getValueNode(), at.field(key));
        if (value != null) {
          labels.put(key, value);
        }
      }
      return labels;
    }
  }

  /** What another reading reads. */
  record Elsewhere() implements Shape {
    @Override
    public @Nullable Object read(Node node, FieldPath at, Reading reading) {
      return null;
    }
  }

  /** A mapping with the fields that are read, and a judge of all others. */
  record Fields(Map<String, Shape> known, Others others) implements Shape {
    @Override
    public @Nullable Object read(Node node, FieldPath at, Reading reading) {
      if (!(node instanceof MappingNode mapping) || !isPlain(mapping)) {
        return reading.wrongType(at, "a mapping");
      }
      var seen = new HashSet<String>();
      var fields = new LinkedHashMap<String, Object>();
      for (NodeTuple entry : mapping.getValue()) {
        String key = reading.key(entry, at, seen);
        Shape shape = known.get(key);
        if (shape == null && others.keeps(key, at.field(key), reading)) {
          fields.put(key, true);
        } else if (shape != null && !isNull(entry.getValueNode())) {
          Object value = reading.read(shape, entry.getValueNode(), at.field(key));
          fields.compute(key, (k, old) -> value);
        }
      }
      return fields;
    }
  }

  static Shape list(Shape element) {
    return new ListOf(element);
  }

  static Shape fields(Map<String, Shape> known) {
    return new Fields(known, Others.IGNORED);
  }

  /** Part of a type of the model, in which an unknown field is mostly harmless. */
  static Shape fields(Class<?> type, Map<String, Shape> read) {
    return new Fields(read, ModelType.of(type, read.keySet(), false));
  }

  /** Part of a type of the model, of which nothing is believed beside an unknown field. */
  static Shape strictly(Class<?> type, Map<String, Shape> read) {
    return new Fields(read, ModelType.of(type, read.keySet(), true));
  }

  static Shape exactly(Map<String, Shape> known) {
    return new Fields(known, Others.KEPT);
  }

  /** Text of a scalar node, or null for another node. */
  static @Nullable String text(@Nullable Node node) {
    return node instanceof ScalarNode scalar && !isNull(scalar) ? scalar.getValue() : null;
  }

  /** The value of the last entry with that key, which is the one a duplicate is reported at. */
  static @Nullable Node child(@Nullable Node node, String key) {
    NodeTuple entry = entry(node, key);
    return entry == null ? null : entry.getValueNode();
  }

  static @Nullable NodeTuple entry(@Nullable Node node, String key) {
    List<NodeTuple> entries =
        node instanceof MappingNode mapping
            ? mapping.getValue().stream()
                .filter(entry -> key.equals(text(entry.getKeyNode())))
                .toList()
            : List.of();
    return entries.isEmpty() ? null : entries.get(entries.size() - 1);
  }
}
