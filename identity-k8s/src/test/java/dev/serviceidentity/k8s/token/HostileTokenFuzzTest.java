// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.caller.Verification;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes: a reason or the one caller, never an exception, and no changed token is good.
 */
class HostileTokenFuzzTest {
  private static final int ROUNDS = 3_000;

  private final MovingClock clock = new MovingClock();
  private final TestIssuer issuer = TestIssuer.create(clock);
  private final TokenCallers callers = FixedKeys.of(issuer.jwks(), clock).callers();

  @FuzzTest
  void aTokenIsRefusedWithAReason(byte[] input) {
    String token = new String(input, StandardCharsets.ISO_8859_1);

    callers.claims(Requests.bearer(token));
    assertThat(Requests.rejected(callers.verify(Requests.bearer(token))).detail()).isNotEmpty();
  }

  @FuzzTest
  void claimsAndHeadersAreRefusedWithAReason(byte[] input) {
    String part = Base64.getUrlEncoder().withoutPadding().encodeToString(input);
    String header = issuer.header().build().toBase64URL().toString();

    aTokenIsRefusedWithAReason((part + ".e30.AAAA").getBytes(UTF_8));
    aTokenIsRefusedWithAReason((header + "." + part + ".AAAA").getBytes(UTF_8));
  }

  @FuzzTest
  void keysAreReadOrRefused(byte[] input) {
    try {
      assertThat(KeySet.parse(new String(input, UTF_8)).all()).isNotEmpty();
    } catch (ParseException refused) {
      assertThat(refused).hasMessageNotContaining("\n");
    }
  }

  @Test
  void aTokenThatWasChangedIsNeverGood() {
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    var random = new Random(seed);
    String good = issuer.token(TestIssuer.WEB, "orders");
    assertThat(callers.verify(Requests.bearer(good))).isInstanceOf(Verification.Verified.class);
    for (int round = 0; round < ROUNDS; round++) {
      String changed = change(good, random);
      if (!changed.strip().equals(good)) {
        aTokenIsRefusedWithAReason(changed.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Test
  void keysThatWereChangedAreReadOrRefused() {
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    var random = new Random(seed);
    String good = issuer.jwks();
    for (int round = 0; round < ROUNDS; round++) {
      keysAreReadOrRefused(change(good, random).getBytes(UTF_8));
    }
  }

  private static String change(String good, Random random) {
    var text = new StringBuilder(good);
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(0x20, 0x7f));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, (char) random.nextInt(0x20, 0x7f));
      }
    }
    return text.toString();
  }
}
