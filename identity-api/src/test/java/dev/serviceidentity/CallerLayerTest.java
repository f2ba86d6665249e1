// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.BATCH_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.House;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The layer of allowed callers")
class CallerLayerTest {
  @Test
  void admitsWhoIsNamedByEitherProvenName() {
    for (String named : new String[] {WEB_BY_KERBEROS, WEB_BY_MTLS}) {
      try (House house = House.with(it -> it.allow(AllowedCallers.principals(named)))) {
        house.admits(by(WEB_BY_KERBEROS, WEB_BY_MTLS));
      }
    }
  }

  @Test
  void admitsWhoRunsAsANamedServiceAccountHoweverItWasProven() {
    try (House house = House.with(it -> it.allow(AllowedCallers.serviceAccounts("shop/web")))) {
      house.admits(by(WEB_BY_KERBEROS));
      house.admits(by(WEB_BY_MTLS));
    }
  }

  @Test
  void refusesWhoIsNotNamedButProvesOwnIdentityToHim() {
    try (House house = House.with(it -> it.allow(AllowedCallers.serviceAccounts("shop/batch")))) {
      Refused refused = house.refuses(by(WEB_BY_KERBEROS), Layer.CALLER, RefusalReason.NOT_ALLOWED);
      assertThat(refused.httpStatus()).isEqualTo(403);
      assertThat(refused.explanation()).contains(WEB_BY_KERBEROS);
      assertThat(refused.publicReason()).doesNotContain("web", "kerberos");
      assertThat(refused.reply()).map(field -> field.name()).containsExactly("X-Reply-kerberos");
    }
  }

  @Test
  void countsARuleOnItsPathOnly() {
    try (House house =
        House.with(
            it ->
                it.allow(
                    AllowedCallers.onPath(
                        "/orders/**", AllowedCallers.serviceAccounts("shop/web"))))) {
      house.admits(by(WEB_BY_MTLS).request("GET", "/orders/7"));
      house.refuses(
          by(WEB_BY_MTLS).request("GET", "/orders/../admin"),
          Layer.CALLER,
          RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void takesTheServiceAccountsOfOtherTrustDomainsForNobodysWhereIdentityAloneIsTrusted() {
    try (var identity =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.mtls())
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .audit(event -> {})
            .open()) {
      assertThat(identity.admit(by("mtls:spiffe://evil.example/ns/shop/sa/web")))
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.explanation())
                      .contains("stands for no service account: without a network only SPIFFE IDs")
                      .contains(
                          "AllowedCallers.principals("
                              + "\"mtls:spiffe://evil.example/ns/shop/sa/web\")"));
    }
  }

  @Test
  void isTheLastOneWhereIdentityAloneIsTrusted() {
    try (var identity =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.mtls())
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .audit(event -> {})
            .open()) {
      assertThat(identity.admit(by(WEB_BY_MTLS)))
          .isInstanceOfSatisfying(
              Admitted.class, admitted -> assertThat(admitted.workload()).isEmpty());
      assertThat(identity.admit(by(BATCH_BY_MTLS))).isInstanceOf(Refused.class);
    }
  }
}
