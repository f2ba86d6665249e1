// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.audit.AccessEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When TLS insists on a certificate, and when the filter answers those who have none. */
class AskedForCertificatesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"serviceidentity.web.public-paths=/health", "server.ssl.client-auth=want"})
  void anAnonymousCallerIsRefusedByTheFilterAndLeavesAnEvent(String property) throws Exception {
    try (var orders = CertifiedOrders.run(folder, property)) {
      assertThat(orders.anonymous(orders.port()).get("/orders").status()).isEqualTo(401);

      AccessEvent event = orders.events().await(any -> true, Duration.ofSeconds(60)).orElseThrow();
      assertThat(event.outcome().reason()).isEqualTo("NO_CREDENTIALS");
      assertThat(orders.as("web", orders.port()).get("/orders").status()).isEqualTo(200);
    }
  }

  @Test
  void aPublicPathNeedsNoCertificate() throws Exception {
    try (var orders = CertifiedOrders.run(folder, "serviceidentity.web.public-paths=/health")) {
      assertThat(orders.anonymous(orders.port()).get("/health").body()).isEqualTo("up");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.ssl.client-auth=need",
        "serviceidentity.web.rules[0].pattern=/admin/** serviceidentity.web.rules[0].mechanism=mtls",
        "serviceidentity.web.management-public-paths=/health"
      })
  void otherwiseTlsInsistsOnOne(String properties) {
    try (var orders = CertifiedOrders.run(folder, properties.split(" ", -1))) {
      assertThatThrownBy(() -> orders.anonymous(orders.port()).get("/health"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoAsksForNeedGetsItInSpiteOfPublicPaths() {
    try (var orders =
        CertifiedOrders.run(
            folder, "serviceidentity.web.public-paths=/health", "server.ssl.client-auth=need")) {
      assertThatThrownBy(() -> orders.anonymous(orders.port()).get("/health"))
          .isInstanceOf(IOException.class);
    }
  }
}
