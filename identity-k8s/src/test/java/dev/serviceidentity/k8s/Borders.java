// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses at which a block begins and ends, and their neighbours; plainly, by big numbers.
 */
public final class Borders {
  /** An address in quotes, or a block. */
  private static final Pattern WRITTEN =
      Pattern.compile("\"([0-9a-f]+[:.][0-9a-f:.]+(?:/[0-9]+)?|::/0)\"");

  private Borders() {}

  /** All addresses in a text, and those at the borders of all its blocks that can be read. */
  public static Set<String> in(String text) {
    var all = new TreeSet<String>();
    Matcher written = WRITTEN.matcher(text);
    while (written.find()) {
      String each = written.group(1);
      if (!each.contains("/")) {
        all.add(each);
      } else if (!each.endsWith("/40")) {
        all.addAll(of(each));
      }
    }
    return all;
  }

  /** Those before, at and behind the first and the last address, where there are such. */
  public static List<String> of(String cidr) {
    String[] parts = cidr.split("/", -1);
    byte[] bytes = bytes(parts[0]);
    BigInteger size = BigInteger.ONE.shiftLeft(bytes.length * 8 - Integer.parseInt(parts[1]));
    BigInteger first = new BigInteger(1, bytes).divide(size).multiply(size);
    BigInteger last = first.add(size).subtract(BigInteger.ONE);
    var borders = new ArrayList<String>();
    for (BigInteger each :
        List.of(first.subtract(BigInteger.ONE), first, last, last.add(BigInteger.ONE))) {
      if (each.signum() >= 0 && each.bitLength() <= bytes.length * 8) {
        borders.add(text(each, bytes.length));
      }
    }
    return borders;
  }

  private static String text(BigInteger number, int length) {
    byte[] digits = number.toByteArray();
    var address = new byte[length];
    for (int i = 0; i < Math.min(length, digits.length); i++) {
      address[length - 1 - i] = digits[digits.length - 1 - i];
    }
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }
}
