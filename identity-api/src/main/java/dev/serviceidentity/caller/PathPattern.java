// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.Arrays;
import java.util.List;

/**
 * Matches slash-separated text segment by segment: {@code *} is exactly one non-empty segment,
 * {@code **} at the end is one or more. No regular expression, so no input makes it slow.
 *
 * <p>A path that a server could read in two ways ({@code .}, {@code ..}, empty segments, encoded
 * slashes, backslashes, parameters) matches no pattern: rules must not be walked around by
 * spelling.
 */
final class PathPattern {
  private final List<String> segments;
  private final boolean open;

  private PathPattern(List<String> segments, boolean open) {
    this.segments = segments;
    this.open = open;
  }

  static PathPattern parse(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("A pattern is not empty");
    }
    List<String> segments = List.of(pattern.split("/", -1));
    boolean open = segments.get(segments.size() - 1).equals("**");
    List<String> fixed = open ? segments.subList(0, segments.size() - 1) : segments;
    for (String segment : fixed) {
      if (segment.contains("*") && !segment.equals("*")) {
        throw new IllegalArgumentException(
            "'*' stands for a whole segment and '**' for the last ones: " + pattern);
      }
    }
    return new PathPattern(List.copyOf(fixed), open);
  }

  boolean matches(String text) {
    if (isAmbiguous(text)) {
      return false;
    }
    String[] actual = text.split("/", -1);
    if (open ? actual.length <= segments.size() : actual.length != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String wanted = segments.get(i);
      boolean any = wanted.equals("*") && !actual[i].isEmpty();
      if (!any && !wanted.equals(actual[i])) {
        return false;
      }
    }
    return Arrays.stream(actual).skip(segments.size()).noneMatch(String::isEmpty);
  }

  private static boolean isAmbiguous(String text) {
    if (text.indexOf('%') >= 0 || text.indexOf('\\') >= 0 || text.indexOf(';') >= 0) {
      return true;
    }
    for (String segment : text.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return true;
      }
    }
    return false;
  }
}
