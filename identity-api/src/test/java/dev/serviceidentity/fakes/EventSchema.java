// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import static dev.serviceidentity.fakes.StrictJson.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks values against {@code docs/access-event.schema.json}, as far as that uses JSON Schema
 * 2020-12, and more strictly: every member must be described.
 */
public final class EventSchema {
  private static final Set<String> KNOWN =
      Set.of(
          "$schema",
          "$id",
          "$ref",
          "$defs",
          "title",
          "description",
          "format",
          "type",
          "const",
          "enum",
          "pattern",
          "minimum",
          "maxLength",
          "required",
          "properties",
          "items",
          "additionalProperties");

  private final Map<String, Object> root;

  private EventSchema(Map<String, Object> root) {
    this.root = root;
  }

  public static EventSchema read() {
    try {
      String text = Files.readString(Path.of("..", "docs", "access-event.schema.json"));
      return new EventSchema(object(StrictJson.parse(text)));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /** The members of an event line that is as the schema says. */
  public Map<String, Object> valid(String line) {
    Object event = StrictJson.parse(line);
    check(root, event, "event");
    return object(event);
  }

  /** All schemas of members, by their path. */
  public void describesEverything() {
    describes(root, "event");
    object(root.get("$defs")).forEach((name, schema) -> describes(object(schema), name));
  }

  private void describes(Map<String, Object> schema, String path) {
    assertThat(KNOWN).as(path).containsAll(schema.keySet());
    assertThat((String) schema.get("description")).as(path).isNotBlank();
    if (schema.containsKey("properties")) {
      Map<String, Object> members = object(schema.get("properties"));
      members.forEach((name, member) -> describes(object(member), path + "." + name));
      assertThat(members.keySet()).containsAll(strings(schema.get("required")));
    }
  }

  private void check(Map<String, Object> schema, Object value, String path) {
    if (schema.containsKey("$ref")) {
      String name = ((String) schema.get("$ref")).substring("#/$defs/".length());
      check(object(object(root.get("$defs")).get(name)), value, path);
    }
    if (schema.containsKey("type")) {
      assertThat(value).as(path).isInstanceOf(type((String) schema.get("type")));
    }
    if (schema.containsKey("const")) {
      assertThat(value).as(path).isEqualTo(schema.get("const"));
    }
    if (schema.containsKey("enum")) {
      assertThat(strings(schema.get("enum"))).as(path).contains((String) value);
    }
    if (value instanceof String text) {
      checkText(schema, text, path);
    } else if (value instanceof BigDecimal number) {
      assertThat(number.scale()).as(path).isZero();
      assertThat(number).as(path).isGreaterThanOrEqualTo((BigDecimal) schema.get("minimum"));
    } else if (value instanceof List<?> elements) {
      elements.forEach(element -> check(object(schema.get("items")), element, path + "[]"));
    } else if (value instanceof Map<?, ?> && !schema.containsKey("$ref")) {
      checkMembers(schema, object(value), path);
    }
  }

  private static void checkText(Map<String, Object> schema, String text, String path) {
    if (schema.containsKey("pattern")) {
      assertThat(text).as(path).containsPattern((String) schema.get("pattern"));
    }
    if (schema.containsKey("maxLength")) {
      assertThat(text.codePoints().count())
          .as(path)
          .isLessThanOrEqualTo(((BigDecimal) schema.get("maxLength")).longValueExact());
    }
  }

  private void checkMembers(Map<String, Object> schema, Map<String, Object> members, String path) {
    if (schema.containsKey("additionalProperties")) {
      Map<String, Object> each = object(schema.get("additionalProperties"));
      members.forEach((name, member) -> check(each, member, path + "." + name));
      return;
    }
    Map<String, Object> known = object(schema.get("properties"));
    assertThat(known.keySet()).as(path).containsAll(members.keySet());
    assertThat(members.keySet()).as(path).containsAll(strings(schema.get("required")));
    members.forEach((name, member) -> check(object(known.get(name)), member, path + "." + name));
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(Object value) {
    return (List<String>) value;
  }

  private static Class<?> type(String name) {
    return switch (name) {
      case "string" -> String.class;
      case "integer" -> BigDecimal.class;
      case "boolean" -> Boolean.class;
      case "array" -> List.class;
      case "object" -> Map.class;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
