// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An internet address as containers write it. Read strictly and never looked up, since a name here
 * would be somebody's invention: four decimal numbers, or an IPv6 address (RFC 4291 section 2.2),
 * perhaps with a zone (RFC 4007 section 11), which tells nothing off this host and is left out.
 */
final class AddressLiteral {
  /** "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%" and a zone. */
  private static final int LONGEST = 80;

  private static final int IPV4 = 4;
  private static final int IPV6 = 16;

  private final String text;
  private int next;

  private AddressLiteral(String text) {
    this.text = text;
  }

  /**
   * The address, or null if the text is not exactly one; IPv4 also where it is mapped into IPv6.
   */
  static @Nullable InetAddress parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    byte[] bytes = text.indexOf(':') < 0 ? v4(text) : v6(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte @Nullable [] v4(String text) {
    var literal = new AddressLiteral(text);
    byte[] bytes = new byte[IPV4];
    return literal.readV4(bytes, 0) && literal.next == text.length() ? bytes : null;
  }

  private static byte @Nullable [] v6(String text) {
    int zone = text.indexOf('%');
    if (zone >= 0 && !isZone(text, zone + 1)) {
      return null;
    }
    return new AddressLiteral(zone < 0 ? text : text.substring(0, zone)).readV6();
  }

  private static boolean isZone(String text, int from) {
    return from < text.length()
        && text.substring(from).chars().allMatch(c -> c > ' ' && c < 0x7f && c != '%' && c != ':');
  }

  /** Groups until the end, with at most one gap of at least one group. */
  private byte @Nullable [] readV6() {
    byte[] bytes = new byte[IPV6];
    int length = 0;
    int gap = -1;
    if (text.startsWith("::")) {
      gap = 0;
      next = 2;
    }
    while (next < text.length()) {
      int read = length <= IPV6 - 2 ? group(bytes, length) : 0;
      if (read == 0) {
        return null;
      }
      length += read;
      if (next == text.length()) {
        break;
      }
      // A group is followed by a colon, and after an IPv4 address nothing may follow.
      if (read == IPV4 || text.charAt(next) != ':' || ++next == text.length()) {
        return null;
      }
      if (text.charAt(next) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = length;
        next++;
      }
    }
    return spread(bytes, length, gap);
  }

  private static byte @Nullable [] spread(byte[] bytes, int length, int gap) {
    if (gap < 0) {
      return length == IPV6 ? bytes : null;
    }
    if (length > IPV6 - 2) {
      return null;
    }
    byte[] whole = Arrays.copyOf(Arrays.copyOf(bytes, gap), IPV6);
    System.arraycopy(bytes, gap, whole, IPV6 - (length - gap), length - gap);
    return whole;
  }

  /**
   * Reads two bytes in hexadecimal, or four in decimal; returns how many, 0 if neither is there.
   */
  private int group(byte[] into, int at) {
    int start = next;
    int value = number(16, 4);
    if (value >= 0 && (next == text.length() || text.charAt(next) == ':')) {
      into[at] = (byte) (value >> 8);
      into[at + 1] = (byte) value;
      return 2;
    }
    next = start;
    return at <= IPV6 - IPV4 && readV4(into, at) && next == text.length() ? IPV4 : 0;
  }

  private boolean readV4(byte[] into, int at) {
    for (int i = 0; i < IPV4; i++) {
      int start = next;
      int value = number(10, 3);
      boolean padded = next - start > 1 && text.charAt(start) == '0';
      if (value < 0 || value > 255 || padded) {
        return false;
      }
      into[at + i] = (byte) value;
      if (i < IPV4 - 1 && (next == text.length() || text.charAt(next++) != '.')) {
        return false;
      }
    }
    return true;
  }

  /** Reads one to so many digits; -1 if there is none. */
  private int number(int radix, int most) {
    int start = next;
    int value = 0;
    while (next < text.length() && next - start < most) {
      char c = text.charAt(next);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        break;
      }
      value = value * radix + digit;
      next++;
    }
    return next == start ? -1 : value;
  }
}
