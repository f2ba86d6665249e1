// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The credentials of a request")
class RequestCredentialsTest {
  private static final Reply COMPLETE = new Reply.Complete();
  private static final Reply UNAUTHENTICATED = new Reply.Unauthenticated();
  private static final Reply FAILED = new Reply.Failed("wrong key");

  @Test
  void areWrittenIntoARequestInOrder() {
    List<String> written = new ArrayList<>();
    answering("X-One", COMPLETE)
        .and(answering("X-Two", COMPLETE))
        .applyTo((name, value) -> written.add(name + ": " + value));
    assertThat(written).containsExactly("X-One: secret", "X-Two: secret");
  }

  @Test
  void doNotShowTheirValues() {
    assertThat(answering("Authorization", COMPLETE).toString())
        .contains("Authorization")
        .doesNotContain("secret");
  }

  @Test
  void addNothingWhereTheConnectionProvesBothEnds() {
    List<String> written = new ArrayList<>();
    RequestCredentials inConnection = RequestCredentials.inConnection();
    inConnection.applyTo((name, value) -> written.add(name));
    assertThat(written).isEmpty();
    assertThat(inConnection.verifyReply(200, Map.of())).isEqualTo(COMPLETE);
  }

  @Test
  void judgeAReplyByTheWorstOfWhatTheMechanismsSay() {
    assertThat(judged(COMPLETE, COMPLETE)).isEqualTo(COMPLETE);
    assertThat(judged(COMPLETE, UNAUTHENTICATED)).isEqualTo(UNAUTHENTICATED);
    assertThat(judged(UNAUTHENTICATED, COMPLETE)).isEqualTo(UNAUTHENTICATED);
    assertThat(judged(UNAUTHENTICATED, FAILED)).isEqualTo(FAILED);
    assertThat(judged(FAILED, COMPLETE)).isEqualTo(FAILED);
    assertThat(judged(COMPLETE, FAILED)).isEqualTo(FAILED);
  }

  @Test
  void proveNothingOfTheServiceByABearerTokenAlone() {
    RequestCredentials token = RequestCredentials.bearer(new HeaderField("Authorization", "x"));
    assertThat(token.verifyReply(200, Map.of())).isEqualTo(UNAUTHENTICATED);
    assertThat(token.and(RequestCredentials.inConnection()).verifyReply(200, Map.of()))
        .isEqualTo(COMPLETE);
    assertThat(RequestCredentials.inConnection().and(token).verifyReply(200, Map.of()))
        .isEqualTo(COMPLETE);
    assertThat(token.and(answering("X-One", COMPLETE)).verifyReply(200, Map.of()))
        .isEqualTo(COMPLETE);
    assertThat(token.and(answering("X-One", UNAUTHENTICATED)).verifyReply(200, Map.of()))
        .isEqualTo(UNAUTHENTICATED);
  }

  @Test
  void neverTakeAMechanismThatSaysNothingForAProof() {
    RequestCredentials silent = answering("X-One", null);
    assertThatNullPointerException().isThrownBy(() -> silent.verifyReply(200, Map.of()));
  }

  @Test
  void haveOneAuthorizationLineOnly() {
    RequestCredentials one = answering("Authorization", COMPLETE);
    RequestCredentials other = answering("authorization", COMPLETE);
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> one.and(other))
        .withMessageContaining("Authorization")
        .satisfies(
            refused -> assertThat(refused.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
  }

  private static Reply judged(Reply first, Reply second) {
    return answering("X-One", first).and(answering("X-Two", second)).verifyReply(200, Map.of());
  }

  private static RequestCredentials answering(String name, Reply reply) {
    return RequestCredentials.of(new HeaderField(name, "secret"), (status, headers) -> reply);
  }
}
