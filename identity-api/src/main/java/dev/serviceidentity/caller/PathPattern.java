// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Matches slash-separated text segment by segment: {@code *} is exactly one non-empty segment,
 * {@code **} at the end is one or more. No regular expression, so no input makes it slow.
 *
 * <p>Text that a server could read in two ways ({@code .}, {@code ..}, empty segments, escapes,
 * backslashes, parameters, a query, control characters) matches no pattern: rules must not be
 * walked around by spelling. A slash at the end counts, and no wildcard stands for it.
 */
final class PathPattern {
  private static final String TWO_FACED = "%\\;?#";

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
    if (isAmbiguous(pattern)) {
      throw new IllegalArgumentException(
          "A pattern without '.', '..' and empty segments, and without any of %\\;?#, matches: "
              + pattern);
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
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f || TWO_FACED.indexOf(c) >= 0)) {
      return true;
    }
    String[] segments = text.split("/", -1);
    return Arrays.stream(segments).anyMatch(one -> one.equals(".") || one.equals(".."))
        || IntStream.range(1, segments.length - 1).anyMatch(i -> segments[i].isEmpty());
  }
}
