// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.List;

/**
 * Matches slash-separated text segment by segment: {@code *} is exactly one non-empty segment,
 * {@code **} at the end is one or more. No regular expression, so no input makes it slow.
 *
 * <p>Text that a server could read in two ways ({@link #isAmbiguous}) matches no pattern: rules
 * must not be walked around by spelling. Immutable and thread-safe.
 */
public final class PathPattern {
  private static final String TWO_FACED = "%\\;?#";

  private static final int NOWHERE = -1;

  private final List<String> segments;
  private final List<String> withoutEnd;
  private final boolean open;

  private PathPattern(List<String> segments, boolean open) {
    this.segments = segments;
    this.withoutEnd = withoutEnd(segments);
    this.open = open;
  }

  /**
   * Reads a pattern.
   *
   * @param pattern for example {@code /reports/**}
   * @return the pattern
   * @throws IllegalArgumentException if it is empty or ambiguous, or if a wildcard is not a whole
   *     segment
   */
  public static PathPattern parse(String pattern) {
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

  /**
   * Says whether a path is one of those that the pattern was written for, read strictly: for rules
   * that open something. A slash at the end counts, and no wildcard stands for it.
   *
   * @param text the path
   * @return false also for a path that could be read in two ways
   */
  public boolean matches(String text) {
    if (isAmbiguous(text)) {
      return false;
    }
    int rest = behind(segments, false, text, text.length());
    // There are no empty segments but the first and the last.
    return open
        ? rest != NOWHERE && rest < text.length() && text.charAt(rest) != '/' && !text.endsWith("/")
        : rest > text.length();
  }

  /**
   * Says whether a path may lead to what the pattern was written for, read widely: for rules that
   * demand something, which a server's own reading of the path must not walk around. A slash at the
   * end and letter case do not count, and {@code **} is none or more.
   *
   * @param text the path
   * @return true also for a path that could be read in two ways, since one of them may lead there
   */
  public boolean covers(String text) {
    if (isAmbiguous(text)) {
      return true;
    }
    int length = text.endsWith("/") ? text.length() - 1 : text.length();
    int rest = behind(withoutEnd, true, text, length);
    return open ? rest != NOWHERE : rest > length;
  }

  /**
   * Where the segment starts that is behind all those wanted, or nowhere if these are not the first
   * ones; greater than the length if no segment is behind.
   */
  private static int behind(List<String> wanted, boolean widely, String text, int length) {
    int start = 0;
    for (String segment : wanted) {
      if (start > length) {
        return NOWHERE;
      }
      int slash = text.indexOf('/', start);
      int size = (slash < 0 || slash > length ? length : slash) - start;
      boolean fits =
          segment.equals("*")
              ? widely || size > 0
              : size == segment.length() && text.regionMatches(widely, start, segment, 0, size);
      if (!fits) {
        return NOWHERE;
      }
      start += size + 1;
    }
    return start;
  }

  /**
   * Says whether two programs may read a path in two ways: it holds a segment {@code .} or {@code
   * ..}, an empty one, an escape, a backslash, a parameter, a query or a control character.
   *
   * @param text the path
   * @return true if it matches no pattern for that
   */
  public static boolean isAmbiguous(String text) {
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7f || TWO_FACED.indexOf(c) >= 0) {
        return true;
      }
      if (c == '/') {
        if (isDots(text, start, i) || (start == i && start > 0)) {
          return true;
        }
        start = i + 1;
      }
    }
    return isDots(text, start, text.length());
  }

  private static boolean isDots(String text, int start, int end) {
    int size = end - start;
    return (size == 1 || size == 2) && text.startsWith("..".substring(0, size), start);
  }

  /** A slash at the end is an empty segment. */
  private static List<String> withoutEnd(List<String> all) {
    int last = all.size() - 1;
    return last > 0 && all.get(last).isEmpty() ? all.subList(0, last) : all;
  }
}
