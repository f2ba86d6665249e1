// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serviceidentity.k8s.policy.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the API server sends, object by object, so that no page is in memory as objects.
 *
 * <p>Whatever one user may store must not keep the objects of others from being read. So nothing is
 * bounded here but by the length of the whole; what no kind of object has (values nested deeply,
 * numbers of many digits) is replaced by a text in its place, and whoever needs that value finds it
 * to be of the wrong type.
 */
public final class Json {
  /** Some objects have a dozen levels. */
  private static final int DEEPEST = 100;

  private static final int LONGEST_NUMBER = 400;

  /** Stands where a value was left out. */
  private static final String LEFT_OUT = "(not read)";

  private static final ObjectMapper MAPPER = new ObjectMapper(factory());

  private Json() {}

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNestingDepth(Integer.MAX_VALUE)
                .build())
        // Names are for users to choose: also those that meet in one place of the table.
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /**
   * What a page says besides its items.
   *
   * @param position the resource version of the list
   * @param continued where the next page begins; empty on the last one
   */
  public record Page(String position, String continued) {}

  /**
   * Reads a list; its items must come as the API gives them, in one array.
   *
   * @param body the text
   * @param items takes one after the other
   * @return what it says besides
   * @throws ApiFault if it is no list
   */
  public static Page page(byte[] body, Consumer<Map<String, Object>> items) throws ApiFault {
    Map<String, Object> metadata = Map.of();
    try (JsonParser parser = MAPPER.getFactory().createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("items") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.accept(object(parser));
          }
        } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
          metadata = object(parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    String position = text(metadata, "resourceVersion");
    if (position.isEmpty()) {
      throw new ApiFault(0, "the API server's answer is no list");
    }
    return new Page(position, text(metadata, "continue"));
  }

  /** Reads the object that begins here. */
  private static Map<String, Object> object(JsonParser parser) throws IOException {
    return object(parser, 1);
  }

  private static Map<String, Object> object(JsonParser parser, int depth) throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      fields.put(name, value(parser, depth + 1));
    }
    return fields;
  }

  private static List<Object> array(JsonParser parser, int depth) throws IOException {
    var values = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser, depth + 1));
    }
    return values;
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("The text ends too early");
    }
    if (token.isStructStart() && depth > DEEPEST) {
      parser.skipChildren();
      return LEFT_OUT;
    }
    return switch (token) {
      case START_OBJECT -> object(parser, depth);
      case START_ARRAY -> array(parser, depth);
      case VALUE_NULL -> null;
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          parser.getTextLength() > LONGEST_NUMBER ? LEFT_OUT : parser.getNumberValue();
      default -> parser.getText();
    };
  }

  /**
   * Reads an object.
   *
   * @param text its text
   * @return its fields
   * @throws ApiFault if it is none
   */
  public static Map<String, Object> object(byte[] text) throws ApiFault {
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ApiFault(0, "the API server's answer is no object");
      }
      return object(parser);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static byte[] bytes(Map<String, Object> object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (IOException e) {
      throw new IllegalArgumentException("Only plain values can be written", e);
    }
  }

  private static ApiFault unreadable(IOException e) {
    return new ApiFault(
        0, "the API server's answer cannot be read: " + Quote.plain(String.valueOf(e)));
  }

  /**
   * A field that is text.
   *
   * @param object has it
   * @param field its name
   * @return empty if it is none
   */
  public static String text(Map<String, ?> object, String field) {
    return object.get(field) instanceof String text ? text : "";
  }

  /**
   * A field that is an object.
   *
   * @param object has it
   * @param field its name
   * @return empty if it is none
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> part(Map<String, ?> object, String field) {
    return object.get(field) instanceof Map<?, ?> part ? (Map<String, Object>) part : Map.of();
  }
}
