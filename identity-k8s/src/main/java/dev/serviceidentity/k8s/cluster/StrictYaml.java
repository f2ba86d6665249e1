// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML 1.2.2 without that which the tools of Kubernetes, whose YAML is 1.1, read as something else.
 * What only some readers see, or see differently, is a problem and no content.
 *
 * <pre>{@code
 * Optional<StrictYaml.Problem> problem = StrictYaml.read(text, event -> take(event));
 * }</pre>
 */
public final class StrictYaml {
  private static final int MOST_ALIASES = 50;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setUseMarks(true)
          .setSchema(new CoreSchema())
          .setMaxAliasesForCollections(MOST_ALIASES)
          .setCodePointLimit(Integer.MAX_VALUE)
          .build();
  private static final JsonFactory JSON = new JsonFactory();

  /** These end a line in YAML 1.1 (section 4.2) and are characters like any other in 1.2 (5.4). */
  private static final Pattern OLD_LINE_BREAK = Pattern.compile("[\u0085\u2028\u2029]");

  private StrictYaml() {}

  /**
   * Why a text cannot be read.
   *
   * @param line the line that shows it, from 1
   * @param message what is wrong there
   */
  public record Problem(int line, String message) {
    /**
     * Takes both as they are.
     *
     * @param line the line that shows it, from 1
     * @param message what is wrong there
     */
    public Problem {
      Objects.requireNonNull(message, "message");
    }
  }

  /** The documents of a text, or else what is wrong with it. */
  record Composed(List<Node> documents, Optional<Problem> problem) {}

  /**
   * Reads a text event by event, until its end or the first problem.
   *
   * @param text any text
   * @param events what takes each event; whatever it throws goes on to the caller
   * @return why the rest cannot be read; empty if all of it was
   */
  public static Optional<Problem> read(String text, Consumer<Event> events) {
    Optional<Problem> ambiguous = oldLineBreak(text);
    if (ambiguous.isPresent()) {
      return ambiguous;
    }
    StrictParser parser = parser(text);
    while (true) {
      Event event;
      try {
        if (!parser.hasNext()) {
          return Optional.empty();
        }
        event = parser.next();
      } catch (RuntimeException e) {
        // The parser throws several kinds at text that nobody meant, some of them its own bugs.
        return Optional.of(problem(e, text, parser.line()));
      }
      events.accept(event);
    }
  }

  static Composed compose(String text) {
    Optional<Problem> ambiguous = oldLineBreak(text);
    if (ambiguous.isPresent()) {
      return new Composed(List.of(), ambiguous);
    }
    StrictParser parser = parser(text);
    try {
      var documents = new ArrayList<Node>();
      new Composer(SETTINGS, parser).forEachRemaining(documents::add);
      return new Composed(documents, Optional.empty());
    } catch (RuntimeException e) {
      // As above: several kinds, some of them bugs of the parser or the composer.
      return new Composed(List.of(), Optional.of(problem(e, text, parser.line())));
    }
  }

  private static StrictParser parser(String text) {
    return new StrictParser(new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text)));
  }

  private static Optional<Problem> oldLineBreak(String text) {
    Matcher found = OLD_LINE_BREAK.matcher(text);
    if (!found.find() || isJson(text)) {
      return Optional.empty();
    }
    int line = lineAfter(text.chars().limit(found.start()));
    String code = "%04X".formatted((int) text.charAt(found.start()));
    return Optional.of(
        new Problem(
            line,
            "the character U+"
                + code
                + " ends a line for some readers and not for others; leave it out, or write \\u"
                + code
                + " in double quotes"));
  }

  /** What is an object of JSON as it stands is read by all as JSON, where lines mean nothing. */
  private static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      parser.skipChildren();
      return object && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** The foreign reader throws others than its own as well: "\UFFFFFFFF" is no number to it. */
  private static Problem problem(RuntimeException thrown, String text, int nearest) {
    if (thrown instanceof MarkedYamlEngineException marked) {
      int line =
          marked
              .getProblemMark()
              .or(marked::getContextMark)
              .map(mark -> mark.getLine() + 1)
              .orElse(nearest);
      return new Problem(line, String.valueOf(marked.getProblem()));
    }
    if (thrown instanceof ReaderException character) {
      String what = "the character U+%04X is not allowed".formatted(character.getCodePoint());
      return new Problem(lineAfter(text.codePoints().limit(character.getPosition())), what);
    }
    return thrown instanceof YamlEngineException
        ? new Problem(nearest, String.valueOf(thrown.getMessage()))
        : new Problem(nearest, "this means nothing in YAML; check the escapes in double quotes");
  }

  static int lineAfter(IntStream characters) {
    return 1 + (int) characters.filter(c -> c == '\n').count();
  }
}
