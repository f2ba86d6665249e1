// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Flow.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks who may call is shown what the guard goes by. */
class TermsTest {
  private static final Caller CALLER =
      Caller.of(
          PrincipalId.parse("spiffe://shop.example/ns/shop/sa/web"), Instant.EPOCH, Instant.MAX);

  @Test
  void areThoseThatTheGuardGoesBy() {
    AllowedCallers allowed = AllowedCallers.serviceAccounts("shop/web");
    try (House house = House.with(it -> it.allow(allowed).checkCallerEgress())) {
      AccessTerms terms = house.identity().terms();

      assertThat(terms.allowed()).isSameAs(allowed);
      assertThat(terms.network()).isSameAs(house.network);
      assertThat(terms.side()).isEqualTo(Side.BOTH);
    }
  }

  @Test
  void showTheCallersOfAFileThatIsFollowed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("callers"), "service-account shop/web\n");
    try (House house = House.with(it -> it.allowFile(file))) {
      AllowedCallers allowed = house.identity().terms().allowed();

      assertThat(allowed.allowsSomewhere(CALLER, ServiceAccountName.parse("shop/web"))).isTrue();
      assertThat(allowed.allowsSomewhere(CALLER, ServiceAccountName.parse("shop/batch"))).isFalse();
    }
  }

  @Test
  void haveNoNetworkWhereIdentityAloneIsTrusted() {
    try (ServiceIdentity identity =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.mtls().provider())
            .trustIdentityAlone()
            .allowAnyAuthenticated()
            .open()) {
      assertThat(identity.terms().network()).isNull();
    }
  }
}
