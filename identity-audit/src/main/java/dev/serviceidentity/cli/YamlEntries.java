// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.StrictYaml;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Reads YAML 1.2 of one shape: documents that are a mapping, or a list of mappings, from text to
 * text or number. It goes by events and keeps no tree, so that neither depth nor aliases cost.
 */
final class YamlEntries {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Consumer<Entry> found;
  private final BiConsumer<Integer, String> problem;

  private int depth;
  private int at = 1;
  private int line = 1;
  private @Nullable Map<String, Object> values;
  private @Nullable String key;

  YamlEntries(Consumer<Entry> found, BiConsumer<Integer, String> problem) {
    this.found = found;
    this.problem = problem;
  }

  /** Something that this shape does not have. */
  private static final class WrongShape extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongShape(String message) {
      super(message);
    }
  }

  void read(String text) {
    try {
      StrictYaml.read(text, this::read)
          .ifPresent(
              found -> problem.accept(found.line(), "cannot be read as YAML: " + found.message()));
    } catch (WrongShape e) {
      problem.accept(at, String.valueOf(e.getMessage()));
    }
  }

  private void read(Event event) {
    at = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(at);
    switch (event.getEventId()) {
      case SequenceStart -> openList();
      case SequenceEnd -> depth--;
      case MappingStart -> openMapping();
      case MappingEnd -> closeMapping();
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> throw new WrongShape("aliases are not read; write it out");
      default -> {}
    }
  }

  private void openList() {
    if (values != null) {
      throw new WrongShape("the value of '" + key + "' must be no list");
    }
    if (depth > 0) {
      throw new WrongShape("an expectation is a mapping, and this is a list in a list");
    }
    depth++;
  }

  private void openMapping() {
    if (values != null) {
      throw new WrongShape("the value of '" + key + "' must be no mapping");
    }
    line = at;
    values = new LinkedHashMap<>();
  }

  private void closeMapping() {
    found.accept(new Entry(line, values == null ? Map.of() : values));
    values = null;
    key = null;
  }

  private void scalar(ScalarEvent scalar) {
    if (values == null) {
      boolean nothing = depth == 0 && scalar.getValue().isEmpty() && scalar.isPlain();
      if (!nothing) {
        throw new WrongShape("an expectation is a mapping with from, to, protocol, port, expect");
      }
    } else if (key == null) {
      key = scalar.getValue();
    } else if (values.put(key, value(scalar)) == null) {
      key = null;
    } else {
      throw new WrongShape("'" + key + "' is given twice");
    }
  }

  private static Object value(ScalarEvent scalar) {
    String text = scalar.getValue();
    boolean number = scalar.getScalarStyle() == ScalarStyle.PLAIN && NUMBER.matcher(text).matches();
    return number ? (Object) Long.valueOf(text) : text;
  }
}
