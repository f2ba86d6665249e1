// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of addresses. Strict, because a lenient reader (octal, missing parts, host names) makes
 * a policy say something else than its author and the API server read.
 */
final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  static IpAddress parse(String text) {
    if (text.indexOf(':') < 0) {
      return IpAddress.ofV4(quad(text, text));
    }
    int gap = text.indexOf("::");
    List<Integer> head = groups(text, gap < 0 ? text : text.substring(0, gap), gap < 0);
    List<Integer> tail = gap < 0 ? List.of() : groups(text, text.substring(gap + 2), true);
    int given = head.size() + tail.size();
    if (gap < 0 ? given != GROUPS : given >= GROUPS) {
      throw malformed(text);
    }
    var all = new ArrayList<>(head);
    while (all.size() < GROUPS - tail.size()) {
      all.add(0);
    }
    all.addAll(tail);
    return IpAddress.ofV6(bits(all.subList(0, GROUPS / 2)), bits(all.subList(GROUPS / 2, GROUPS)));
  }

  private static List<Integer> groups(String whole, String part, boolean last) {
    var groups = new ArrayList<Integer>();
    if (part.isEmpty()) {
      return groups;
    }
    String[] pieces = part.split(":", -1);
    for (int i = 0; i < pieces.length; i++) {
      if (last && i == pieces.length - 1 && pieces[i].indexOf('.') >= 0) {
        long quad = quad(whole, pieces[i]);
        groups.add((int) (quad >>> 16));
        groups.add((int) (quad & 0xffff));
      } else {
        groups.add(number(whole, pieces[i], 16, 4));
      }
    }
    return groups;
  }

  private static long quad(String whole, String text) {
    String[] pieces = text.split("\\.", -1);
    if (pieces.length != 4) {
      throw malformed(whole);
    }
    long bits = 0;
    for (String piece : pieces) {
      int number = number(whole, piece, 10, 3);
      if (number > 255 || (piece.length() > 1 && piece.charAt(0) == '0')) {
        throw malformed(whole);
      }
      bits = (bits << 8) | number;
    }
    return bits;
  }

  private static int number(String whole, String digits, int radix, int longest) {
    boolean plain = digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
    if (digits.isEmpty() || digits.length() > longest || !plain) {
      throw malformed(whole);
    }
    return Integer.parseInt(digits, radix);
  }

  private static long bits(List<Integer> groups) {
    long bits = 0;
    for (int group : groups) {
      bits = (bits << 16) | group;
    }
    return bits;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        Quote.of(text) + " is no IPv4 or IPv6 address; write it as in 192.0.2.1 or 2001:db8::1");
  }

  static String format(IpAddress address) {
    if (address.family() == IpAddress.Family.IPV4) {
      long bits = address.low();
      return (bits >>> 24)
          + "."
          + ((bits >>> 16) & 255)
          + "."
          + ((bits >>> 8) & 255)
          + "."
          + (bits & 255);
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      long half = i < GROUPS / 2 ? address.high() : address.low();
      groups[i] = (int) ((half >>> (48 - 16 * (i % (GROUPS / 2)))) & 0xffff);
    }
    return compressed(groups);
  }

  /** RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals. */
  private static String compressed(int[] groups) {
    int start = -1;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    return start < 0
        ? joined(groups, 0, GROUPS)
        : joined(groups, 0, start) + "::" + joined(groups, start + length, GROUPS);
  }

  private static String joined(int[] groups, int from, int to) {
    var text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i > from ? ":" : "").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
