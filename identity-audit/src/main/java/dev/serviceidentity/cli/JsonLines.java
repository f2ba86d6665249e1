// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads JSON lines: one object a line; empty lines are skipped. */
record JsonLines(Consumer<Entry> found, BiConsumer<Integer, String> problem) {
  private static final int LONGEST = 100_000;
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  void read(String text) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (line.length() > LONGEST) {
        problem.accept(number, "the line is longer than " + LONGEST + " characters");
      } else if (!line.isBlank()) {
        read(number, line);
      }
    }
  }

  private void read(int number, String line) {
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        problem.accept(number, "each line must be one JSON object");
        return;
      }
      Map<String, Object> values = values(parser);
      if (parser.nextToken() == null) {
        found.accept(new Entry(number, values));
      } else {
        problem.accept(number, "something follows the object; one line has one");
      }
    } catch (JsonProcessingException e) {
      problem.accept(number, "is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory does not fail", e);
    }
  }

  private static Map<String, Object> values(JsonParser parser) throws IOException {
    var values = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      values.put(name, value(parser));
    }
    return values;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.nextToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.INT
              ? (Object) parser.getLongValue()
              : Entry.OTHER;
      default -> {
        parser.skipChildren();
        yield Entry.OTHER;
      }
    };
  }
}
