// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import io.spiffe.workloadapi.grpc.Workload.JWTSVIDResponse;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Answers and tokens that nobody meant well. Each is read or refused; nothing else may come out.
 * The random tests print their seed and change good examples; the fuzz tests run their stored
 * inputs here, and search for new ones when Jazzer is told to.
 */
class HostileAnswersTest {
  private static final int ROUNDS = 5_000;
  private static final WorkloadApi API = WorkloadApi.at("unix:///run/api.sock");
  private static final MovingClock CLOCK = new MovingClock();
  private static final TokenAuthority AUTHORITY = TokenAuthority.create(CLOCK);
  private static final SvidChoice CHOICE = new SvidChoice("shop.example", null);
  private static final JwtBundlesReader BUNDLES = new JwtBundlesReader(API);
  private static final SvidReader SVIDS = new SvidReader(API, CHOICE);
  private static final JwtSvidReader TOKENS = new JwtSvidReader(API, CHOICE, "orders", CLOCK);
  private static final byte[] GOOD_BUNDLES = AUTHORITY.bundle("shop.example").toByteArray();
  private static final BearerCallers CALLERS = callers();

  @FuzzTest
  void anySvidAnswerIsReadOrRefused(byte[] bytes) {
    reads(SVIDS, bytes);
  }

  @FuzzTest
  void anyBundleAnswerIsReadOrRefused(byte[] bytes) {
    reads(BUNDLES, bytes);
  }

  @FuzzTest
  void anyTokenAnswerIsReadOrRefused(byte[] bytes) {
    reads(TOKENS, bytes);
  }

  @FuzzTest
  void anyTokenIsVerifiedOrRefused(byte[] bytes) {
    verifies(bytes);
  }

  @Test
  void changedSvidAnswersAreReadOrRefused() {
    var ca = DevelopmentCa.create("shop.example", CLOCK);
    X509SVIDResponse good =
        Workloads.response(
                Workloads.svid(Workloads.WEB, ca.issue(LeafTemplate.spiffe(Workloads.WEB))))
            .toBuilder()
            .putFederatedBundles(
                "spiffe://partner.example", Workloads.der(List.of(ca.certificate())))
            .build();

    changed(good.toByteArray(), bytes -> reads(SVIDS, bytes));
  }

  @Test
  void changedBundleAnswersAreReadOrRefused() {
    changed(GOOD_BUNDLES, bytes -> reads(BUNDLES, bytes));
  }

  @Test
  void changedTokenAnswersAreReadOrRefused() {
    JWTSVIDResponse good =
        TokenAuthority.answer(Workloads.WEB, AUTHORITY.token(Workloads.WEB, "orders"));

    changed(good.toByteArray(), bytes -> reads(TOKENS, bytes));
  }

  /** A token that was changed is never good, but for bits of base64 that say nothing. */
  @Test
  void changedTokensAreVerifiedOrRefused() {
    changed(
        AUTHORITY.token(Workloads.WEB, "orders").getBytes(ISO_8859_1),
        HostileAnswersTest::verifies);
  }

  private static <T extends Latest.Update> boolean reads(Latest.Reader<T> reader, byte[] bytes) {
    try {
      assertThat(reader.read(bytes.clone(), null)).isNotNull();
      return true;
    } catch (IdentityException refused) {
      assertThat(refused).hasMessageStartingWith("The");
      return false;
    }
  }

  private static boolean verifies(byte[] bytes) {
    String token = new String(bytes, ISO_8859_1);
    if (token.indexOf('\r') >= 0 || token.indexOf('\n') >= 0) {
      return false;
    }
    CALLERS.claims(Requests.bearer(token));
    Verification verification = CALLERS.verify(Requests.bearer(token));
    if (verification instanceof Verification.Verified verified) {
      assertThat(verified.caller().principal()).hasToString("jwt-svid:" + Workloads.WEB);
      return true;
    }
    return false;
  }

  private static BearerCallers callers() {
    JwtBundles bundles = BUNDLES.read(GOOD_BUNDLES, null);
    return new BearerCallers(() -> bundles, Set.of("orders"), Duration.ofHours(1), CLOCK);
  }

  private static void changed(byte[] good, Predicate<byte[]> reader) {
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    Random random = new Random(seed);
    assertThat(reader.test(good)).as("the unchanged example is read").isTrue();
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      read += reader.test(bytes) ? 1 : 0;
    }
    assertThat(read).as("some are refused").isLessThan(ROUNDS);
  }
}
