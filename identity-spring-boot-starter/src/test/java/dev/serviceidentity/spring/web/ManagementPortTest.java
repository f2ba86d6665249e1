// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Actuator on a port of its own is guarded as the application is. */
class ManagementPortTest {
  private static final String PLAIN = "management.server.ssl.enabled=false";
  private static final String CERTIFIED = "management.server.ssl.bundle=service-identity";
  private static final String READINESS = "/actuator/health/readiness";
  private static final String PROBES =
      "serviceidentity.web.management-public-paths=/actuator/health/liveness," + READINESS;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"/actuator", "/actuator/info", "/actuator/serviceidentity", READINESS})
  void whoProvesNothingIsRefused(String path) throws Exception {
    try (var orders = CertifiedOrders.run(folder, PLAIN)) {
      assertThat(orders.plain(path)).isEqualTo(401);
    }
  }

  @Test
  void itsPublicPathsArePublicAndNoOthers() throws Exception {
    try (var orders = CertifiedOrders.run(folder, PLAIN, PROBES)) {
      assertThat(orders.plain(READINESS)).isEqualTo(200);
      assertThat(orders.plain("/actuator/health/liveness")).isEqualTo(200);
      assertThat(orders.plain("/actuator/health")).isEqualTo(401);
      assertThat(orders.plain("/actuator/serviceidentity")).isEqualTo(401);
      assertThat(orders.plain("/actuator/health/readiness;/../../serviceidentity"))
          .isBetween(400, 401);
    }
  }

  @Test
  void itsPublicPathsAreNotThoseOfTheApplication() {
    try (var orders = CertifiedOrders.run(folder, PLAIN, PROBES)) {
      assertThatThrownBy(() -> orders.anonymous(orders.port()).get(READINESS))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void rulesAndPublicPathsOfTheApplicationHoldThereToo() throws Exception {
    try (var orders =
        CertifiedOrders.run(
            folder,
            CERTIFIED,
            PROBES,
            "serviceidentity.web.public-paths=/actuator/info," + READINESS,
            "serviceidentity.web.rules[0].pattern=/actuator/serviceidentity",
            "serviceidentity.web.rules[0].service-accounts=shop/operator")) {
      int port = orders.management();
      assertThat(orders.anonymous(port).get("/actuator/info").status()).isEqualTo(200);
      assertThat(orders.as("web", port).get("/actuator/health").status()).isEqualTo(200);
      assertThat(orders.as("web", port).get("/actuator/serviceidentity").status()).isEqualTo(403);
    }
  }

  @Test
  void itServesWithTheIdentityAndAdmitsWhoMayCall() throws Exception {
    try (var orders = CertifiedOrders.run(folder, CERTIFIED)) {
      int port = orders.management();
      assertThat(orders.as("web", port).get("/actuator/info").status()).isEqualTo(200);
      assertThat(orders.as("batch", port).get("/actuator/info").status()).isEqualTo(403);
      assertThatThrownBy(() -> orders.anonymous(port).get(READINESS))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void probesNeedNoCertificateWhereTheirPathsArePublic() throws Exception {
    try (var orders = CertifiedOrders.run(folder, CERTIFIED, PROBES)) {
      var probe = orders.anonymous(orders.management());
      assertThat(probe.get(READINESS).status()).isEqualTo(200);
      assertThat(probe.get("/actuator/serviceidentity").status()).isEqualTo(401);
    }
  }

  @Test
  void withoutTheFilterTheManagementPortHasNoneEither() throws Exception {
    try (var orders = CertifiedOrders.run(folder, PLAIN, "serviceidentity.web.enabled=false")) {
      assertThat(orders.plain(READINESS)).isEqualTo(200);
    }
  }

  @Test
  void whatHidesARuleIsRefusedInTermsOfProperties() {
    assertThatThrownBy(
            () ->
                CertifiedOrders.run(
                        folder,
                        PLAIN,
                        "serviceidentity.web.management-public-paths=/actuator/**",
                        "serviceidentity.web.rules[0].pattern=/actuator/serviceidentity",
                        "serviceidentity.web.rules[0].mechanism=mtls")
                    .close())
        .hasStackTraceContaining("serviceidentity.web.management-public-paths: ")
        .hasStackTraceContaining("serviceidentity.web.rules[0].pattern: ");
  }
}
