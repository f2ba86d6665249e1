// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestRealms.Shared.class)
class NegotiateRoundTripTest {
  private final TestRealms realms;
  private final String host;
  private final KerberosIdentity web;
  private final KerberosIdentity orders;

  NegotiateRoundTripTest(TestRealms realms, TestInfo test, @TempDir Path directory) {
    this.realms = realms;
    this.host = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT) + ".shop";
    String webName = "web/" + host;
    this.web = TestRealms.builder(webName, realms.keytab(directory, webName)).open();
    Path ordersKeytab = realms.keytab(directory, "HTTP/" + host);
    this.orders = TestRealms.builder("HTTP/" + host, ordersKeytab).acceptOnly().open();
  }

  @AfterEach
  void close() {
    web.close();
    orders.close();
  }

  @Test
  void aCallerIsVerifiedByItsPrincipalAndTicket() {
    Instant before = Instant.now();
    Caller caller = orders.callers().verify(fresh()).orElseThrow();
    assertThat(caller.principal())
        .isEqualTo(PrincipalId.parse("kerberos:web/" + host + "@SHOP.EXAMPLE"));
    assertThat(caller.expiresAt())
        .isCloseTo(web.current().expiresAt(), within(1, ChronoUnit.MINUTES));
    assertThat(caller.authenticatedAt()).isBetween(before, Instant.now());
    assertThat(caller.attributes()).containsEntry("kerberos.etype", "aes256-cts-hmac-sha1-96 (18)");
    assertThat(caller.fingerprint().orElseThrow()).matches("ticket-sha256:[0-9a-f]{32}");
  }

  @Test
  void bothSidesProveThemselves() {
    RequestCredentials mine = credentials();
    Verification seen = orders.callers().verify(TestRealms.evidence(mine));
    assertThat(mine.verifyReply(200, reply(seen))).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void anAnswerWithoutProofIsUnauthenticated() {
    assertThat(credentials().verifyReply(200, Map.of())).isInstanceOf(Reply.Unauthenticated.class);
    assertThat(credentials().verifyReply(401, Map.of("www-authenticate", List.of("Negotiate"))))
        .isInstanceOf(Reply.Unauthenticated.class);
  }

  @Test
  void theAnswerToAnotherRequestFails() {
    Verification other = orders.callers().verify(fresh());
    assertThat(credentials().verifyReply(200, reply(other))).isInstanceOf(Reply.Failed.class);
  }

  @Test
  void anAnswerIsJudgedOnce() {
    RequestCredentials mine = credentials();
    var reply = reply(orders.callers().verify(TestRealms.evidence(mine)));
    mine.verifyReply(200, reply);
    assertThat(mine.verifyReply(200, reply)).isInstanceOf(Reply.Failed.class);
  }

  @Test
  void garbageAsAnAnswerFailsAndDoesNotThrow() {
    for (String garbage : List.of("AAAA", "%%%", "oQcwBaADCgEA", "YIIC")) {
      assertThat(
              credentials()
                  .verifyReply(200, Map.of("WWW-Authenticate", List.of("Negotiate " + garbage))))
          .isInstanceOf(Reply.Failed.class);
    }
  }

  @Test
  void aSuccessThatIsOnlyClaimedIsNoProof() {
    byte[] krb5 = Der.tlv(0xa1, Der.KRB5);
    for (String state : List.of("0a0100", "0a0101", "0a0102", "0a0103")) {
      byte[] claim = Der.tlv(0xa1, Der.tlv(0x30, Der.tlv(0xa0, Der.bytes(state)), krb5));
      assertThat(credentials().verifyReply(200, answer(claim)))
          .as(state)
          .isInstanceOf(Reply.Failed.class);
    }
  }

  @Test
  void aProofWithABitChangedIsNoProof() {
    RequestCredentials mine = credentials();
    Verification seen = orders.callers().verify(TestRealms.evidence(mine));
    String field = reply(seen).get("WWW-Authenticate").get(0);
    byte[] genuine = Base64.getDecoder().decode(field.substring("Negotiate ".length()));
    genuine[genuine.length - 1] ^= 1;
    assertThat(mine.verifyReply(200, answer(genuine))).isInstanceOf(Reply.Failed.class);
  }

  @Test
  void theSchemeIsKnownInAnyLetterCase() {
    CallerEvidence evidence =
        fresh()
            .headers(
                Map.of(
                    "authorization",
                    List.of(fresh().header("Authorization").get(0).replace("Neg", "nEG"))));
    assertThat(orders.callers().claims(evidence)).isTrue();
    assertThat(orders.callers().verify(evidence)).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void otherSchemesBelongToTheApplication() {
    for (String other : List.of("Bearer x", "Basic eDp5", "Negotiatex YII=", "")) {
      CallerEvidence evidence =
          TestRealms.connection().headers(Map.of("Authorization", List.of(other)));
      assertThat(orders.callers().claims(evidence)).as(other).isFalse();
    }
    assertThat(orders.callers().challenges()).containsExactly("Negotiate");
  }

  @Test
  void twoAuthorizationLinesAreRefused() {
    CallerEvidence two =
        TestRealms.connection()
            .headers(
                Map.of(
                    "Authorization", List.of("Bearer x", fresh().header("Authorization").get(0))));
    assertThat(reason(two)).isEqualTo(RefusalReason.AMBIGUOUS_CREDENTIALS);
  }

  @Test
  void aTokenIsAcceptedOnce() {
    CallerEvidence evidence = fresh();
    assertThat(orders.callers().verify(evidence)).isInstanceOf(Verification.Verified.class);
    assertThat(reason(evidence)).isEqualTo(KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayUnderAnotherServiceNameIsNoWayAroundTheReplayCache() {
    CallerEvidence evidence = fresh();
    orders.callers().verify(evidence);
    byte[] token = TokenSurgery.token(evidence);
    token[new String(token, StandardCharsets.ISO_8859_1).indexOf(host)] ^= 1;
    assertThat(reason(TokenSurgery.evidence(token))).isEqualTo(KerberosRejection.WRONG_SERVICE);
  }

  @Test
  void aTicketForAnotherServiceIsRefused() {
    realms.shop().principal("HTTP/other-" + host);
    var elsewhere = web.credentialsFor(Target.of(URI.create("http://other-" + host)));
    assertThat(reason(TestRealms.evidence(elsewhere))).isEqualTo(KerberosRejection.WRONG_SERVICE);
  }

  @Test
  void aStaleKeytabIsNamedWithItsVersions() {
    realms.shop().rotateKeys("HTTP/" + host);
    var rejected = (Verification.Rejected) orders.callers().verify(fresh());
    assertThat(rejected.reason()).isEqualTo(KerberosRejection.KEYTAB_STALE);
    assertThat(rejected.detail())
        .contains("the ticket has kvno 2 of aes256-cts-hmac-sha1-96 (18)")
        .contains("HTTP/" + host + "@SHOP.EXAMPLE kvno 1 of");
  }

  @Test
  void aTamperedTicketIsNamed() throws RefusedTokenException {
    CallerEvidence evidence = fresh();
    byte[] token = TokenSurgery.token(evidence);
    token[TokenSurgery.positionOfTicketCipher(token) + 40] ^= 1;
    assertThat(reason(TokenSurgery.evidence(token))).isEqualTo(KerberosRejection.WRONG_KEY);
  }

  @Test
  void aTamperedAuthenticatorIsNamed() {
    byte[] token = TokenSurgery.token(fresh());
    token[token.length - 5] ^= 1;
    assertThat(reason(TokenSurgery.evidence(token))).isEqualTo(KerberosRejection.TAMPERED);
  }

  @Test
  void theBareKerberosTokenIsAcceptedToo() throws RefusedTokenException {
    byte[] bare = TokenSurgery.mechToken(TokenSurgery.token(fresh()));
    assertThat(orders.callers().verify(TokenSurgery.evidence(bare)))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aServicePrincipalCanBeNamedByTheTarget() {
    var named =
        web.credentialsFor(
            Target.of(URI.create("http://127.0.0.1:8080")).servicePrincipal("HTTP/" + host));
    assertThat(orders.callers().verify(TestRealms.evidence(named)))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aTargetWithoutSpnegoGetsABareTokenAndAnswersWithOne() throws RefusedTokenException {
    RequestCredentials mine = web.credentialsFor(target().withoutSpnego());
    CallerEvidence evidence = TestRealms.evidence(mine);
    assertThat(NegotiateToken.read(TokenSurgery.token(evidence)).offer()).isNull();
    assertThat(mine.verifyReply(200, reply(orders.callers().verify(evidence))))
        .isInstanceOf(Reply.Complete.class);
  }

  @Test
  void aTokenIsBoundToTheConnectionThatTheTargetNames() {
    ChannelBinding here = ChannelBinding.of(new byte[] {1});
    ChannelBinding elsewhere = ChannelBinding.of(new byte[] {2});
    CallerEvidence first = TestRealms.evidence(web.credentialsFor(target().channelBinding(here)));
    CallerEvidence other = TestRealms.evidence(web.credentialsFor(target().channelBinding(here)));
    assertThat(orders.callers().verify(first.channelBindings(List.of(here))))
        .isInstanceOf(Verification.Verified.class);
    assertThat(reason(other.channelBindings(List.of(elsewhere))))
        .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISMATCH);
  }

  @Test
  void theDetailAndToStringShowNoToken() {
    RequestCredentials mine = credentials();
    CallerEvidence evidence = TestRealms.evidence(mine);
    orders.callers().verify(evidence);
    var replayed = (Verification.Rejected) orders.callers().verify(evidence);
    String token = evidence.header("Authorization").get(0).substring(10, 60);
    assertThat(replayed.toString()).doesNotContain(token);
    assertThat(mine.toString()).doesNotContain(token);
  }

  @Test
  void allUsesOfOneTicketHaveOneFingerprint() {
    var first = orders.callers().verify(fresh()).orElseThrow();
    var second = orders.callers().verify(fresh()).orElseThrow();
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
  }

  private RequestCredentials credentials() {
    return web.credentialsFor(target());
  }

  private Target target() {
    return Target.of(URI.create("http://" + host + ":8080"));
  }

  private CallerEvidence fresh() {
    return TestRealms.evidence(credentials());
  }

  private Reason reason(CallerEvidence evidence) {
    return ((Verification.Rejected) orders.callers().verify(evidence)).reason();
  }

  private static Map<String, List<String>> answer(byte[] token) {
    return Map.of(
        "WWW-Authenticate", List.of("Negotiate " + Base64.getEncoder().encodeToString(token)));
  }

  private static Map<String, List<String>> reply(Verification seen) {
    var fields = new HashMap<String, List<String>>();
    seen.applyTo((name, value) -> fields.put(name, List.of(value)));
    return fields;
  }
}
