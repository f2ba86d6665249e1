// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash by which certificates, tickets and files are told apart (FIPS 180-4). */
public final class Sha256 {
  private Sha256() {}

  /**
   * The hash of some bytes.
   *
   * @param bytes any number
   * @return 64 hexadecimal digits in lower case
   */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(begun().digest(bytes));
  }

  /**
   * A hash of bytes that come in parts.
   *
   * @return a new one, of nothing yet
   */
  public static MessageDigest begun() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
