// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spring.IdentityContexts;
import dev.serviceidentity.testkit.FakeMechanism;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** What an operator reads who forgot a line. */
class WarnedAtStartTest {
  private static final String LINE = "server.ssl.bundle=service-identity";

  @TempDir Path folder;
  private final Warnings console = new Warnings("dev.serviceidentity.spring");

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void certificatesAloneWithoutTlsAreWarnedOfWithTheLineToAdd() {
    orders().run(context -> assertThat(context).hasNotFailed());
    assertThat(console.text()).contains("every request will be refused").contains(LINE);
  }

  @Test
  void theOneWhoSaysTheLineIsNotWarned() {
    orders().withPropertyValues(LINE).run(context -> assertThat(context).hasNotFailed());
    assertThat(console.text()).doesNotContain(LINE);
  }

  @Test
  void whoNeedsNoCertificatesOfTheServerIsNotWarned() {
    orders()
        .withPropertyValues("serviceidentity.web.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
    orders()
        .withBean(MechanismProvider.class, () -> FakeMechanism.of("kerberos:HTTP/o@SHOP.EXAMPLE"))
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(console.text()).doesNotContain(LINE);
  }

  @Test
  void thatNobodyIsAskedIsSaidOnce() {
    IdentityContexts.web()
        .withPropertyValues("serviceidentity.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(console.text()).containsOnlyOnce("serviceidentity.enabled=false");
  }

  @Test
  void aServiceWithAnIdentityIsNotWarned() {
    orders().run(context -> assertThat(context).hasNotFailed());
    assertThat(console.text()).doesNotContain("serviceidentity.enabled=false");
  }

  private WebApplicationContextRunner orders() {
    return IdentityContexts.configured(IdentityContexts.web(), folder);
  }
}
