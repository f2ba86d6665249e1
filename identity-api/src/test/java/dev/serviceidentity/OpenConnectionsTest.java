// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.Requests;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.PrincipalId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Open connections")
class OpenConnectionsTest {
  private static final Caller WEB =
      Caller.of(PrincipalId.parse(Requests.WEB_BY_MTLS), SetClock.START, Instant.MAX);
  private static final Caller BATCH =
      Caller.of(PrincipalId.parse(Requests.BATCH_BY_MTLS), SetClock.START, Instant.MAX);

  @Test
  void areHeldToWhomTheRulesNameUntilTheIdentityIsClosed() {
    House house = House.with(it -> it.allow(AllowedCallers.serviceAccounts("shop/web")));
    house.identity();

    assertThat(house.mtls.welcome.isWelcome(WEB)).isTrue();
    assertThat(house.mtls.welcome.isWelcome(BATCH)).isFalse();

    house.close();
    assertThat(house.mtls.welcome).isNull();
  }

  @Test
  void areHeldToAFileOfAllowedCallers(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("callers"), "service-account shop/web\n");
    try (House house = House.with(it -> it.allowFile(file))) {
      house.admits(Requests.by(Requests.WEB_BY_MTLS));
      assertThat(house.mtls.welcome.isWelcome(WEB)).isTrue();
      assertThat(house.mtls.welcome.isWelcome(BATCH)).isFalse();
      assertThat(house.identity().health().parts())
          .anyMatch(part -> part.name().equals("allowed-callers"));
    }
  }

  @Test
  void stayWhereARuleFails() {
    var broken = new AtomicBoolean();
    AllowedCallers rule =
        AllowedCallers.matching(
            caller -> {
              if (broken.get()) {
                throw new IllegalStateException("for this test");
              }
              return false;
            });
    try (House house = House.with(it -> it.allow(rule))) {
      house.identity();
      assertThat(house.mtls.welcome.isWelcome(WEB)).isFalse();
      broken.set(true);
      assertThat(house.mtls.welcome.isWelcome(WEB)).isTrue();
    }
  }

  @Test
  void areHeldToOneRuleOrOneFile() {
    ServiceIdentityBuilder builder = ServiceIdentity.builder().allowFile(Path.of("callers"));
    assertThatIllegalStateException()
        .isThrownBy(builder::allowAnyAuthenticated)
        .withMessageContaining("allowFile(...)");
  }
}
