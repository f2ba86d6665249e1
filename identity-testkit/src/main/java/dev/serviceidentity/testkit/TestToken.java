// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A credential that says in clear text whose it is and when it is valid, sealed under a key that
 * this JVM drew at random: whoever changes a word breaks the seal, and a verifier that was left in
 * a production build believes nobody outside its own process.
 */
record TestToken(PrincipalId principal, Instant notBefore, Instant expiresAt) {
  static final String FIELD = "Test-Identity";

  private static final String SEAL = "HmacSHA256";
  private static final int SEAL_BYTES = 32;
  private static final SecretKeySpec KEY = randomKey();

  /** A field value that is no token: of another form, or with a broken seal. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final TestRejection reason;

    UnreadableException(TestRejection reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    TestRejection reason() {
      return reason;
    }
  }

  /** Reads a field value; nothing in it is believed before its seal is. */
  static TestToken read(String value) throws UnreadableException {
    String[] words = value.split(" ", -1);
    if (words.length != 4) {
      throw new UnreadableException(TestRejection.MALFORMED, "not a field of a test identity");
    }
    String text = words[0] + " " + words[1] + " " + words[2];
    if (!MessageDigest.isEqual(bytes(seal(text)), bytes(words[3]))) {
      throw new UnreadableException(TestRejection.TAMPERED, "the seal does not fit the text");
    }
    return new TestToken(
        PrincipalId.parse(words[2]), Instant.parse(words[0]), Instant.parse(words[1]));
  }

  /** The mechanism's own look at a field: whose it claims to be, before anything is verified. */
  static Optional<PrincipalId> claimed(String value) {
    String[] words = value.split(" ", -1);
    try {
      return words.length == 4 ? Optional.of(PrincipalId.parse(words[2])) : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  HeaderField field() {
    return new HeaderField(FIELD, text() + " " + seal(text()));
  }

  /** The field after somebody has given it one more second and could not seal it again. */
  HeaderField tamperedField() {
    var longer = new TestToken(principal, notBefore, expiresAt.plus(Duration.ofSeconds(1)));
    return new HeaderField(FIELD, longer.text() + " " + seal(text()));
  }

  private String text() {
    return notBefore + " " + expiresAt + " " + principal;
  }

  private static String seal(String text) {
    try {
      Mac mac = Mac.getInstance(SEAL);
      mac.init(KEY);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + SEAL, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SecretKeySpec randomKey() {
    byte[] key = new byte[SEAL_BYTES];
    new SecureRandom().nextBytes(key);
    return new SecretKeySpec(key, SEAL);
  }
}
