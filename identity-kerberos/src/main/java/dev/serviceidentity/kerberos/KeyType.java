// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;

/** The encryption types that are strong enough (RFC 8429 retires the others). */
enum KeyType {
  /** RFC 3962. */
  AES128_SHA1(17, 16, 12, "HmacSHA1"),
  /** RFC 3962. */
  AES256_SHA1(18, 32, 12, "HmacSHA1"),
  /** RFC 8009. */
  AES128_SHA256(19, 16, 16, "HmacSHA256"),
  /** RFC 8009. */
  AES256_SHA384(20, 32, 24, "HmacSHA384");

  private final int number;
  private final int keyLength;
  private final int macLength;
  private final String mac;

  KeyType(int number, int keyLength, int macLength, String mac) {
    this.number = number;
    this.keyLength = keyLength;
    this.macLength = macLength;
    this.mac = mac;
  }

  static Optional<KeyType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** The name by which the KDC's configuration calls a type, whether strong or weak. */
  static String describe(int number) {
    return switch (number) {
      case 19 -> "aes128-cts-hmac-sha256-128 (19)";
      case 20 -> "aes256-cts-hmac-sha384-192 (20)";
      default -> {
        EncryptionType type = EncryptionType.fromValue(number);
        yield type == EncryptionType.NONE
            ? "encryption type " + number
            : type.getName() + " (" + number + ")";
      }
    };
  }

  /** Retired types whose presence explains a refusal: DES, DES3 and RC4. */
  static boolean isRetired(int number) {
    return (number >= 1 && number <= 16) || number == 23 || number == 24;
  }

  int number() {
    return number;
  }

  int keyLength() {
    return keyLength;
  }

  /** How many bytes of the MAC follow the ciphertext. */
  int macLength() {
    return macLength;
  }

  String mac() {
    return mac;
  }

  boolean isSha2() {
    return this == AES128_SHA256 || this == AES256_SHA384;
  }

  @Override
  public String toString() {
    return describe(number);
  }
}
