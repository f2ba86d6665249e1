// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.Map;

/**
 * One mapping of an expectations file as it is written: text, whole numbers ({@link Long}), and
 * {@link #OTHER} for anything else.
 */
record Entry(int line, Map<String, Object> values) {
  static final Object OTHER = new Object();
  private static final String PROTOCOL = "protocol";
  private static final String NAME = "name";
  private static final List<String> FIELDS =
      List.of("from", "to", PROTOCOL, "port", "expect", NAME);

  /**
   * Reads it strictly: a field that is not known would be a condition that nobody checks.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or of the wrong type
   */
  Expectation toExpectation(String file) {
    for (String name : values.keySet()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException("'" + name + "' is no field; there are " + FIELDS);
      }
    }
    Reference from = Reference.parse(text("from"));
    Reference to = Reference.parse(text("to"));
    String protocol = values.containsKey(PROTOCOL) ? text(PROTOCOL) : "TCP";
    return new Expectation(
        new Place(file, line),
        values.containsKey(NAME) ? text(NAME) : "",
        new Question(from, to, PortNumber.of(port(), protocol), Side.BOTH),
        verdict(text("expect")));
  }

  private String text(String name) {
    if (given(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("'" + name + "' must be text");
  }

  private long port() {
    if (given("port") instanceof Long port) {
      return port;
    }
    throw new IllegalArgumentException("'port' must be a whole number");
  }

  private Object given(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return value;
  }

  private static Verdict verdict(String text) {
    return switch (text) {
      case "ALLOWED" -> Verdict.ALLOWED;
      case "DENIED" -> Verdict.DENIED;
      case "UNDECIDABLE" -> Verdict.UNDECIDABLE;
      default ->
          throw new IllegalArgumentException(
              "'expect' is ALLOWED, DENIED or UNDECIDABLE, not '" + text + "'");
    };
  }
}
