// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Stops at what the composer must not meet: nesting without end, since it recurses, merge keys, and
 * aliases inside of what they name.
 */
final class StrictParser implements Parser {
  private static final int DEEPEST = 100;

  private static final String MERGE_KEY = "<<";
  private static final String PLAIN = "";
  private static final String MERGE = Tag.PREFIX + "merge";
  private static final String TEXT = Tag.STR.getValue();

  private final Parser parser;

  /** The anchors, where they have one, of the collections around the next event. */
  private final Deque<Optional<Anchor>> open = new ArrayDeque<>();

  private int line = 1;

  StrictParser(Parser parser) {
    this.parser = parser;
  }

  /** The line, from 1, that the last event ends in. */
  int line() {
    return line;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    line = event.getEndMark().map(mark -> mark.getLine() + 1).orElse(line);
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> open((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> open.pop();
      case Alias -> checkAlias((AliasEvent) event);
      case Scalar -> checkScalar((ScalarEvent) event);
      default -> {}
    }
    return event;
  }

  private void open(CollectionStartEvent collection) {
    open.push(collection.getAnchor());
    if (open.size() > DEEPEST) {
      throw problem("nested deeper than " + DEEPEST + " levels", collection);
    }
  }

  /** YAML allows it (section 7.1), but no tree can hold it, and kubectl refuses it. */
  private void checkAlias(AliasEvent alias) {
    if (open.contains(Optional.of(alias.getAlias()))) {
      throw problem("the alias *" + alias.getAlias() + " is inside of what it names", alias);
    }
  }

  /** What a merge overrides, and what overrides it, depends on the reader. */
  private static void checkScalar(ScalarEvent scalar) {
    String tag = scalar.getTag().orElse(scalar.isPlain() ? PLAIN : TEXT);
    if (tag.equals(MERGE) || (scalar.getValue().equals(MERGE_KEY) && !tag.equals(TEXT))) {
      throw problem("merge keys are read differently by different tools; write it out", scalar);
    }
  }

  private static ParserException problem(String message, Event at) {
    return new ParserException(message, at.getStartMark());
  }
}
