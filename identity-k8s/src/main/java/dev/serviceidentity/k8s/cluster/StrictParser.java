// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/** Stops a document that nests without end before the composer, which recurses, meets it. */
final class StrictParser implements Parser {
  private static final int DEEPEST = 100;

  private final Parser parser;
  private int depth;
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
      case MappingStart, SequenceStart -> depth++;
      case MappingEnd, SequenceEnd -> depth--;
      default -> {}
    }
    if (depth > DEEPEST) {
      throw new ParserException("nested deeper than " + DEEPEST + " levels", event.getStartMark());
    }
    return event;
  }
}
