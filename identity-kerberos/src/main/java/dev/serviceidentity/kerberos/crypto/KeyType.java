// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.util.List;
import java.util.Optional;

/** The encryption types that are strong enough (RFC 8429 retires the others). */
public enum KeyType {
  /** RFC 3962. */
  AES128_SHA1(17, 16, 12, "SHA1", 20),
  /** RFC 3962. */
  AES256_SHA1(18, 32, 12, "SHA1", 20),
  /** RFC 8009. */
  AES128_SHA256(19, 16, 16, "SHA256", 32),
  /** RFC 8009. */
  AES256_SHA384(20, 32, 24, "SHA384", 48);

  private static final List<KeyType> ALL = List.of(values());

  private final int number;
  private final int keyLength;
  private final int macLength;
  private final String digest;
  private final int digestLength;

  KeyType(int number, int keyLength, int macLength, String digest, int digestLength) {
    this.number = number;
    this.keyLength = keyLength;
    this.macLength = macLength;
    this.digest = digest;
    this.digestLength = digestLength;
  }

  /**
   * The strong type of a number.
   *
   * @param number as in the IANA registry of Kerberos encryption types
   * @return empty if the type is retired or unknown here
   */
  public static Optional<KeyType> of(int number) {
    for (KeyType type : ALL) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * The name by which the KDC's configuration calls a type, whether strong or weak.
   *
   * @param number as in the IANA registry
   * @return name and number, or the number alone of a type that nobody uses
   */
  public static String describe(int number) {
    String name =
        switch (number) {
          case 1 -> "des-cbc-crc";
          case 2 -> "des-cbc-md4";
          case 3 -> "des-cbc-md5";
          case 5 -> "des3-cbc-md5";
          case 16 -> "des3-cbc-sha1";
          case 17 -> "aes128-cts-hmac-sha1-96";
          case 18 -> "aes256-cts-hmac-sha1-96";
          case 19 -> "aes128-cts-hmac-sha256-128";
          case 20 -> "aes256-cts-hmac-sha384-192";
          case 23 -> "arcfour-hmac";
          case 24 -> "arcfour-hmac-exp";
          case 25 -> "camellia128-cts-cmac";
          case 26 -> "camellia256-cts-cmac";
          default -> "";
        };
    return name.isEmpty() ? "encryption type " + number : name + " (" + number + ")";
  }

  /**
   * Tells retired types, whose presence explains a refusal: DES, DES3 and RC4.
   *
   * @param number as in the IANA registry
   * @return false for strong and for unknown types
   */
  public static boolean isRetired(int number) {
    return (number >= 1 && number <= 16) || number == 23 || number == 24;
  }

  /**
   * The number in the IANA registry.
   *
   * @return 17 to 20
   */
  public int number() {
    return number;
  }

  /**
   * How long a key is.
   *
   * @return in bytes
   */
  public int keyLength() {
    return keyLength;
  }

  /**
   * How long the MAC is that follows the ciphertext, and a checksum.
   *
   * @return in bytes
   */
  public int macLength() {
    return macLength;
  }

  /** How long the MAC is before it is cut off. */
  int digestLength() {
    return digestLength;
  }

  String mac() {
    return "Hmac" + digest;
  }

  /** PBKDF2 (RFC 8018) with the MAC of this type. */
  String passwordDerivation() {
    return "PBKDF2WithHmac" + digest;
  }

  boolean isSha2() {
    return this == AES128_SHA256 || this == AES256_SHA384;
  }

  /** Returns the name and number. */
  @Override
  public String toString() {
    return describe(number);
  }
}
