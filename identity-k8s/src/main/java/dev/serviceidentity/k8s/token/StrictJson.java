// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Objects of JSON, each member once at every depth, and nothing behind the end. The reader of the
 * JOSE library takes the last of two members within an object.
 */
final class StrictJson {
  private static final int DEEPEST = 32;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictJson() {}

  /** Reads an object; what is wrong is not told in foreign words. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) throws ParseException {
    if (!text.startsWith("{")) {
      throw new ParseException("It is no JSON object", 0);
    }
    try {
      return MAPPER.readValue(text, LinkedHashMap.class);
    } catch (JsonProcessingException e) {
      throw new ParseException("It is no JSON: " + e.getClass().getSimpleName(), 0);
    }
  }

  /** Writes texts, numbers, lists and maps. */
  static String text(Map<String, Object> object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Only plain values can be written", e);
    }
  }
}
