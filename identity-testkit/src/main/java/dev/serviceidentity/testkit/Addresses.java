// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Reads literal addresses and never asks the DNS. */
final class Addresses {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

  private Addresses() {}

  static InetAddress literal(String text) {
    try {
      if (LITERAL.matcher(text).matches()) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException malformed) {
      throw new IllegalArgumentException("Not an IPv4 or IPv6 address: " + text, malformed);
    }
    throw new IllegalArgumentException("Not an IPv4 or IPv6 address: " + text);
  }
}
