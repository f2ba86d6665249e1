// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.spi.ForeignText;

/**
 * Where a KDC listens.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65535
 */
public record KdcAddress(String host, int port) {
  private static final int USUAL_PORT = 88;
  private static final int LARGEST_PORT = 65_535;

  /**
   * Checks the two.
   *
   * @param host a name or an address, without brackets
   * @param port 1 to 65535
   * @throws IllegalArgumentException if the host is empty or no host, or the port is out of range
   */
  public KdcAddress {
    if (host.isEmpty() || !host.chars().allMatch(KdcAddress::mayBeOfHost)) {
      throw new IllegalArgumentException(ForeignText.quote(host) + " is not a host");
    }
    if (port < 1 || port > LARGEST_PORT) {
      throw new IllegalArgumentException("the port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [address]} or {@code [address]:port}.
   *
   * @param text the text
   * @return with port 88 unless the text says another
   * @throws IllegalArgumentException with a message for the user if the text is not of that form
   */
  public static KdcAddress parse(String text) {
    String rest = text.strip();
    boolean bracketed = rest.startsWith("[");
    int end = bracketed ? rest.indexOf(']') : colon(rest);
    if (bracketed && end < 0) {
      throw new IllegalArgumentException(ForeignText.quote(text) + " has no closing bracket");
    }
    String host = bracketed ? rest.substring(1, end) : rest.substring(0, end);
    String after = bracketed ? rest.substring(end + 1) : rest.substring(end);
    return new KdcAddress(host, after.isEmpty() ? USUAL_PORT : port(after, text));
  }

  /** Where the port begins; a bare IPv6 address has several colons and no port. */
  private static int colon(String text) {
    int first = text.indexOf(':');
    return first < 0 || first != text.lastIndexOf(':') ? text.length() : first;
  }

  private static int port(String after, String text) {
    if (!after.matches(":[0-9]{1,5}")) {
      throw new IllegalArgumentException(ForeignText.quote(text) + " is not host:port");
    }
    return Integer.parseInt(after.substring(1));
  }

  private static boolean mayBeOfHost(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ".-_:%".indexOf(c) >= 0;
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
