// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.OwnedRuntime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much one source may cost by tokens that are no good. */
class KeyJudgeTest {
  private final MovingClock clock = new MovingClock();
  private final TestIssuer issuer = TestIssuer.create(clock);
  private final OwnedRuntime runtime =
      OwnedRuntime.start(
          clock,
          refused -> {},
          Set.of(MechanismName.SERVICE_ACCOUNT_TOKEN),
          Duration.ofSeconds(60));
  private final IssuerKeys keys =
      IssuerKeys.open(
          TestIssuer.URL,
          () -> CompletableFuture.completedFuture(issuer.jwks()),
          new IssuerKeys.Pace(Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofHours(1)),
          runtime.runtime());
  private final TokenCallers callers =
      new TokenCallers(
          FixedKeys.expected(),
          new KeyJudge(
              keys, new ServiceAccountNaming("id.shop.example"), KeyJudge.budget(() -> 0L), clock),
          clock,
          () -> false);

  @AfterEach
  void close() {
    keys.close();
    runtime.close();
  }

  @Test
  void aFloodOfForgedTokensOfOneSourceIsBoundedAndLeavesOthersAlone() {
    String good = issuer.token(TestIssuer.WEB, "orders");
    String unsigned = good.substring(0, good.lastIndexOf('.') + 1);

    long verified =
        IntStream.range(0, 1_000)
            .mapToObj(i -> reason("127.0.0.66", unsigned + Base64URL.encode(forgery(i))))
            .filter(TokenRejection.SIGNATURE_INVALID::equals)
            .count();

    assertThat(verified).isEqualTo(400);
    assertThat(reason("127.0.0.66", good)).isEqualTo(RefusalReason.OVERLOADED);
    assertThat(ask("127.0.0.2", good)).isInstanceOf(Verification.Verified.class);
    // By now it is remembered.
    assertThat(ask("127.0.0.66", good)).isInstanceOf(Verification.Verified.class);
  }

  private Verification ask(String address, String token) {
    return callers
        .verifyAsync(Requests.from(address, "Bearer " + token))
        .toCompletableFuture()
        .join();
  }

  private Reason reason(String address, String token) {
    Rejected rejected = Requests.rejected(ask(address, token));
    return rejected.reason();
  }

  private static byte[] forgery(int number) {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) 1);
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    return bytes;
  }
}
