// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

/** The two keys that one usage is sealed with, and where they are worked with. Shows no secret. */
final class UsageKeys {
  private final byte[] encryption;
  private final byte[] integrity;
  private final Bench bench;

  UsageKeys(byte[] encryption, byte[] integrity, Bench bench) {
    this.encryption = encryption;
    this.integrity = integrity;
    this.bench = bench;
  }

  byte[] encryption() {
    return encryption;
  }

  byte[] integrity() {
    return integrity;
  }

  Bench bench() {
    return bench;
  }
}
