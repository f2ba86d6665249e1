// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What no acceptor on this JDK can do without: the AES and HMAC of one token, with tickets and
 * authenticators of usual length, in arrays and by objects that are all there already. Random
 * numbers, DER, caches and replay detection are not in it.
 */
public final class CryptoFloor {
  private static final int ROUNDS = 12;
  private static final int CALLS = 20_000;
  private static final int OPENED = 208;
  private static final int REPLY = 112;
  private static final IvParameterSpec ZERO = new IvParameterSpec(new byte[16]);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final boolean sha2;
  private final Cipher opening = Cipher.getInstance("AES/CBC/NoPadding");
  private final Cipher sealing = Cipher.getInstance("AES/CBC/NoPadding");
  private final Cipher deriving = Cipher.getInstance("AES/ECB/NoPadding");
  private final Mac mac;
  private final byte[] key = new byte[32];
  private final byte[] text = new byte[256];
  private final byte[] out = new byte[256];

  private interface Work {
    void once() throws GeneralSecurityException;
  }

  private CryptoFloor(boolean sha2) throws GeneralSecurityException {
    this.sha2 = sha2;
    this.mac = Mac.getInstance(sha2 ? "HmacSHA384" : "HmacSHA1");
    mac.init(new SecretKeySpec(key, "AES"));
    opening.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), ZERO);
    sealing.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), ZERO);
  }

  /**
   * Measures and prints a table.
   *
   * @param args none
   * @throws GeneralSecurityException if the JDK lacks AES or HMAC
   */
  public static void main(String... args) throws GeneralSecurityException {
    System.out.printf(
        "%n| AES and HMAC alone, JDK %s | etype 18 | etype 20 |%n|---|---|---|%n",
        System.getProperty("java.version"));
    var sha1 = new CryptoFloor(false);
    var sha384 = new CryptoFloor(true);
    row("cold ticket, mutual", () -> sha1.cold(true), () -> sha384.cold(true));
    row("cold ticket, non-mutual", () -> sha1.cold(false), () -> sha384.cold(false));
    row("warm, mutual, keys at hand", () -> sha1.warm(true), () -> sha384.warm(true));
    row("warm, non-mutual, keys at hand", () -> sha1.warm(false), () -> sha384.warm(false));
    row("giving keys to AES and HMAC", sha1::rekey, sha384::rekey);
  }

  private static void row(String name, Work sha1, Work sha384) throws GeneralSecurityException {
    System.out.printf("| %s | %.2f µs | %.2f µs |%n", name, micros(sha1), micros(sha384));
  }

  private static double micros(Work work) throws GeneralSecurityException {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < CALLS; i++) {
        work.once();
      }
      best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / (double) CALLS);
    }
    return best / 1000;
  }

  private void cold(boolean mutual) throws GeneralSecurityException {
    crypt(opening, OPENED); // The ticket, by a key that is at hand.
    if (!sha2) {
      // The session key is set up once, for all that is derived from it.
      key[0]++;
      deriving.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    }
    derive();
    rekey(opening, Cipher.DECRYPT_MODE);
    crypt(opening, OPENED);
    if (mutual) {
      derive();
      rekey(sealing, Cipher.ENCRYPT_MODE);
      crypt(sealing, REPLY);
    }
  }

  private void warm(boolean mutual) throws GeneralSecurityException {
    crypt(opening, OPENED);
    if (mutual) {
      crypt(sealing, REPLY);
    }
  }

  /** Two keys for one usage. */
  private void derive() throws GeneralSecurityException {
    for (int i = 0; i < 2; i++) {
      if (sha2) {
        mac.init(new SecretKeySpec(key, "AES"));
        authenticate(14);
      } else {
        deriving.doFinal(text, 0, 16, out, 0);
        deriving.doFinal(out, 0, 16, out, 16);
      }
    }
  }

  private void rekey() throws GeneralSecurityException {
    rekey(opening, Cipher.DECRYPT_MODE);
  }

  private void rekey(Cipher cipher, int mode) throws GeneralSecurityException {
    key[0]++;
    cipher.init(mode, new SecretKeySpec(key, "AES"), ZERO);
    mac.init(new SecretKeySpec(key, "AES"));
  }

  private void crypt(Cipher cipher, int length) throws GeneralSecurityException {
    cipher.doFinal(text, 0, length, out, 0);
    authenticate(length);
  }

  private void authenticate(int length) throws GeneralSecurityException {
    mac.update(text, 0, length);
    mac.doFinal(out, 0);
  }
}
