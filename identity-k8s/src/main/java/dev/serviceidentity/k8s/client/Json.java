// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serviceidentity.k8s.policy.Quote;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reads what the API server sends, object by object, so that no page is in memory as objects. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

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

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(JsonParser parser) throws IOException {
    return MAPPER.readValue(parser, LinkedHashMap.class);
  }

  /**
   * Reads an object.
   *
   * @param text its text
   * @return its fields
   * @throws ApiFault if it is none
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(byte[] text) throws ApiFault {
    try {
      return MAPPER.readValue(text, LinkedHashMap.class);
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
