// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads all field lines of a request. Two lines of one name stay two, for that is what tells a
 * smuggled credential. Containers bound what they read; this bounds what is made of it.
 */
final class FieldLines {
  private static final int MOST_LINES = 1000;

  private FieldLines() {}

  /** The values by name, in the order received. */
  static Map<String, List<String>> of(HttpServletRequest request) {
    Enumeration<String> names = request.getHeaderNames();
    if (names == null) {
      throw Untold.because("the container does not let its header fields be read");
    }
    // A container may list a name once for each spelling, and gives all values for any of them.
    var lines = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    int count = 0;
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      if (!lines.containsKey(name)) {
        List<String> values = values(request.getHeaders(name));
        count += values.size();
        lines.put(name, values);
      }
      if (count > MOST_LINES) {
        throw Untold.because("it has more than " + MOST_LINES + " field lines");
      }
    }
    return lines;
  }

  /** In a list that cannot change, which evidence need not copy. */
  private static List<String> values(Enumeration<String> found) {
    if (!found.hasMoreElements()) {
      return List.of();
    }
    String first = found.nextElement();
    if (!found.hasMoreElements()) {
      return List.of(first);
    }
    var values = new ArrayList<String>(List.of(first));
    while (found.hasMoreElements()) {
      values.add(found.nextElement());
    }
    return List.copyOf(values);
  }
}
