// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.ForeignText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads the text form of {@link PathRules}, as its {@code parse} describes it. */
final class PathRulesText {
  private final Iterator<String> words;

  private PathRulesText(String line) {
    this.words = List.of(line.split("\\s+")).iterator();
  }

  static PathRules.Builder addTo(PathRules.Builder rules, String text) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String rule = line.strip();
      if (rule.isEmpty() || rule.startsWith("#")) {
        continue;
      }
      try {
        new PathRulesText(rule).addTo(rules);
      } catch (IllegalArgumentException malformed) {
        throw new IllegalArgumentException(
            "line " + number + ": " + malformed.getMessage(), malformed);
      }
    }
    return rules;
  }

  private void addTo(PathRules.Builder rules) {
    switch (words.next()) {
      case "public" -> {
        rules.publicPath(next("a pattern"));
        if (words.hasNext()) {
          throw new IllegalArgumentException("'public' takes one pattern and nothing else");
        }
      }
      case "path" -> rules.path(next("a pattern"), rule());
      default -> throw new IllegalArgumentException("A line starts with 'public' or 'path'");
    }
  }

  private AccessRule rule() {
    AccessRule rule = AccessRule.usual();
    List<AllowedCallers> callers = new ArrayList<>();
    while (words.hasNext()) {
      switch (words.next()) {
        case "require" -> rule = rule.require(MechanismName.of(next("a mechanism")));
        case "allow" -> callers.add(callers(next("a kind of caller"), next("a caller")));
        case "report-only" -> rule = rule.reportOnly(layer(next("a layer")), until());
        default ->
            throw new IllegalArgumentException(
                "Behind the pattern stand 'require', 'allow' and 'report-only'");
      }
    }
    return callers.isEmpty() ? rule : rule.allow(AllowedCallers.anyOf(callers));
  }

  private static AllowedCallers callers(String kind, String value) {
    return switch (kind) {
      case "service-account" -> AllowedCallers.serviceAccounts(value);
      case "principal" -> AllowedCallers.principals(value);
      case "principals-like" -> AllowedCallers.principalsLike(value);
      default ->
          throw new IllegalArgumentException(
              "The kinds of callers are service-account, principal and principals-like");
    };
  }

  private static Layer layer(String name) {
    return switch (name) {
      case "BINDING" -> Layer.BINDING;
      case "NETWORK" -> Layer.NETWORK;
      default -> throw new IllegalArgumentException("BINDING and NETWORK can report only");
    };
  }

  private Instant until() {
    if (!next("'until'").equals("until")) {
      throw new IllegalArgumentException("'report-only' needs an end: until 2027-01-31T00:00:00Z");
    }
    String end = next("an instant");
    try {
      return Instant.parse(end);
    } catch (DateTimeParseException malformed) {
      throw new IllegalArgumentException(
          ForeignText.quote(end) + " is no instant such as 2027-01-31T00:00:00Z", malformed);
    }
  }

  private String next(String what) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException("The line ends where " + what + " is expected");
    }
    return words.next();
  }
}
