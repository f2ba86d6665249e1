// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens with the two keys of one usage: RFC 3961 section 5.3 for the SHA-1 types, RFC
 * 8009 section 5 for the others. Not for two threads at a time.
 */
final class Sealer {
  private static final int BLOCK = StealingCipher.BLOCK;
  private static final byte[] INITIAL_VECTOR = new byte[BLOCK];

  private final KeyType type;
  private final StealingCipher cipher;
  private final Mac mac;
  private final byte[] tag;
  private byte[] plain = new byte[0];

  /** Written by the thread that has it; another one that looks may see an older value. */
  private @Nullable UsageKeys keys;

  /**
   * A sealer that is given keys before it is used.
   *
   * @param provider of AES
   */
  Sealer(KeyType type, Provider provider) throws GeneralSecurityException {
    this.type = type;
    this.cipher = new StealingCipher(provider);
    this.mac = Mac.getInstance(type.mac());
    this.tag = new byte[mac.getMacLength()];
  }

  /** A hint while another thread may have it. */
  boolean has(UsageKeys others) {
    return keys == others;
  }

  void key(UsageKeys with) throws GeneralSecurityException {
    if (keys != with) {
      keys = null;
      cipher.rekey(with.encryption());
      mac.init(new SecretKeySpec(with.integrity(), type.mac()));
      keys = with;
    }
  }

  /** Opens what was sealed; empty if another key or another text made the MAC. */
  Optional<byte[]> open(byte[] sealed, int offset, int length) throws GeneralSecurityException {
    int textLength = length - type.macLength();
    if (textLength < BLOCK) {
      return Optional.empty();
    }
    // Nothing is decrypted under the newer types before the MAC has been verified.
    if (type.isSha2() && !isMacOf(sealed, offset, textLength, sealed, offset + textLength)) {
      return Optional.empty();
    }
    byte[] opened = plain(StealingCipher.wholeBlocks(textLength));
    cipher.decrypt(sealed, offset, textLength, opened);
    boolean genuine = type.isSha2() || isMacOf(opened, 0, textLength, sealed, offset + textLength);
    Optional<byte[]> content =
        genuine ? Optional.of(Arrays.copyOfRange(opened, BLOCK, textLength)) : Optional.empty();
    Arrays.fill(opened, 0, textLength, (byte) 0);
    return content;
  }

  byte[] seal(byte[] confounder, byte[] content) throws GeneralSecurityException {
    int textLength = BLOCK + content.length;
    byte[] text = plain(StealingCipher.wholeBlocks(textLength));
    System.arraycopy(confounder, 0, text, 0, BLOCK);
    System.arraycopy(content, 0, text, BLOCK, content.length);
    byte[] sealed = new byte[textLength + type.macLength()];
    if (!type.isSha2()) {
      authenticate(text, 0, textLength);
    }
    cipher.encrypt(text, textLength, sealed, 0);
    if (type.isSha2()) {
      authenticate(sealed, 0, textLength);
    }
    System.arraycopy(tag, 0, sealed, textLength, type.macLength());
    Arrays.fill(text, 0, textLength, (byte) 0);
    return sealed;
  }

  /** In a time that does not depend on where the two differ. */
  private boolean isMacOf(byte[] covered, int offset, int length, byte[] expected, int at)
      throws GeneralSecurityException {
    authenticate(covered, offset, length);
    int difference = 0;
    for (int i = 0; i < type.macLength(); i++) {
      difference |= tag[i] ^ expected[at + i];
    }
    return difference == 0;
  }

  private void authenticate(byte[] covered, int offset, int length)
      throws GeneralSecurityException {
    if (type.isSha2()) {
      // RFC 8009 section 5: the MAC covers the initial vector and the ciphertext.
      mac.update(INITIAL_VECTOR);
    }
    mac.update(covered, offset, length);
    mac.doFinal(tag, 0);
  }

  private byte[] plain(int length) {
    if (plain.length < length) {
      plain = new byte[length];
    }
    return plain;
  }
}
