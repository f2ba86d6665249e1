// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.ALICE;
import static dev.serviceidentity.fakes.Requests.BATCH_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.anonymous;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.fakes.FakeReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.identity.PrincipalId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The layer of identity")
class IdentityLayerTest {
  private final House house = House.standing();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void admitsACallerWhoProvesWhoHeIs() {
    Admitted admitted = house.admits(by(WEB_BY_KERBEROS));
    assertThat(admitted.caller()).hasToString(WEB_BY_KERBEROS);
    assertThat(admitted.callers()).hasSize(1);
    assertThat(admitted.wouldHaveBeenRefused()).isEmpty();
    assertThat(admitted.explanation()).contains(WEB_BY_KERBEROS, "shop/web-1");
  }

  @Test
  void admitsAWorkloadThatProvesItselfInTwoWays() {
    Admitted admitted = house.admits(by(WEB_BY_MTLS, WEB_BY_KERBEROS));
    assertThat(admitted.callers())
        .map(Object::toString)
        .containsExactly(WEB_BY_KERBEROS, WEB_BY_MTLS);
    assertThat(written(admitted)).containsExactly("X-Reply-kerberos: proof", "X-Reply-mtls: proof");
  }

  @Test
  void refusesWhoProvesNothingWithAllChallengesOnLinesOfTheirOwn() {
    Refused refused = house.refuses(anonymous(), Layer.IDENTITY, RefusalReason.NO_CREDENTIALS);
    assertThat(refused.httpStatus()).isEqualTo(401);
    assertThat(written(refused))
        .containsExactly(
            "WWW-Authenticate: kerberos realm=\"test\"", "WWW-Authenticate: mtls realm=\"test\"");
  }

  @Test
  void refusesOneWrongProofThoughAnotherOneIsRight() {
    Refused refused =
        house.refuses(by(WEB_BY_KERBEROS, "mtls:wrong"), Layer.IDENTITY, FakeReason.WRONG_PROOF);
    assertThat(refused.explanation()).contains("mtls:wrong", FakeReason.WRONG_PROOF.remedy());
    assertThat(written(refused)).contains("X-Rejected-By: mtls");
  }

  @Test
  void remembersWhoWasVerifiedBesideAWrongProof() throws InterruptedException {
    AccessEvent event = house.event(house.admit(by(WEB_BY_KERBEROS, "mtls:wrong")));
    assertThat(event.proof().principals()).containsExactly(PrincipalId.parse(WEB_BY_KERBEROS));
    assertThat(event.proof().mechanisms()).hasSize(2);
  }

  @Test
  void passesOnWhatEachMechanismSaysThatRejected() {
    Refused refused =
        house.refuses(by("kerberos:wrong", "mtls:wrong"), Layer.IDENTITY, FakeReason.WRONG_PROOF);
    assertThat(written(refused)).contains("X-Rejected-By: kerberos", "X-Rejected-By: mtls");
  }

  @Test
  void leavesOtherKindsOfAuthorizationToTheApplication() {
    CallerEvidence evidence =
        anonymous()
            .headers(
                Map.of(
                    "Authorization", List.of("Basic YWxpY2U6c2VjcmV0"),
                    "X-mtls", List.of(WEB_BY_MTLS)));
    house.admits(evidence);
  }

  @Test
  void refusesAnotherKindOfAuthorizationAloneAsNoCredentials() {
    house.refuses(
        anonymous().headers(Map.of("Authorization", List.of("Basic YWxpY2U6c2VjcmV0"))),
        Layer.IDENTITY,
        RefusalReason.NO_CREDENTIALS);
  }

  @Test
  void refusesTwoAuthorizationLinesHoweverTheyAreSpelled() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("X-mtls", List.of(WEB_BY_MTLS));
    fields.put("Authorization", List.of("Basic a"));
    fields.put("authorization", List.of("Basic b"));
    house.refuses(anonymous().headers(fields), Layer.IDENTITY, RefusalReason.AMBIGUOUS_CREDENTIALS);
  }

  @Test
  void refusesTwoProofsOfDifferentWorkloads() throws InterruptedException {
    Refused refused =
        house.refuses(
            by(WEB_BY_KERBEROS, BATCH_BY_MTLS), Layer.IDENTITY, RefusalReason.EVIDENCE_DISAGREES);
    assertThat(refused.explanation()).contains("shop/web", "shop/batch");
    assertThat(house.event(refused).proof().principals())
        .containsExactly(PrincipalId.parse(WEB_BY_KERBEROS), PrincipalId.parse(BATCH_BY_MTLS));
  }

  @Test
  void refusesTwoProofsOfWhichOneStandsForNoWorkload() {
    house.refuses(by(ALICE, WEB_BY_MTLS), Layer.IDENTITY, RefusalReason.EVIDENCE_DISAGREES);
  }

  @Test
  void refusesTwoProofsThatStandForNoWorkloadEach() {
    house.refuses(
        by(ALICE, "mtls:spiffe://shop.example/people/alice"),
        Layer.IDENTITY,
        RefusalReason.EVIDENCE_DISAGREES);
  }

  @Test
  void answersWithoutTheOtherLayersWhenOnlyAskedWhoCalls() {
    try (House nobody = House.with(builder -> builder.allow(AllowedCallers.nobody()))) {
      Verification verification = nobody.identity().verify(by(WEB_BY_KERBEROS));
      assertThat(verification).isInstanceOf(Verified.class);
      assertThat(verification.reply()).hasSize(1);
      assertThat(nobody.identity().verify(anonymous()))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.NO_CREDENTIALS));
      assertThat(nobody.closedEvents()).isEmpty();
    }
  }

  @Test
  void claimsEvidenceOnceForEachRequest() {
    List<CallerEvidence> asked = new ArrayList<>();
    house.kerberos.claiming(
        evidence -> {
          asked.add(evidence);
          return asked.size() == 1;
        });
    house.admits(by(WEB_BY_KERBEROS));
    assertThat(asked).hasSize(1);
  }

  private static List<String> written(AccessDecision decision) {
    List<String> lines = new ArrayList<>();
    decision.applyTo((name, value) -> lines.add(name + ": " + value));
    return lines;
  }
}
