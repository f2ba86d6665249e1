// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Asked by HTTP, as a kubelet does. */
class IdentityHealthTest {
  private static final String DETAILS = "management.endpoint.health.show-details=always";

  private static <T> T read(HttpResponse<String> response, String path) {
    return JsonPath.read(response.body(), path);
  }

  @Test
  void theIdentityIsPartOfReadinessAndNotOfLiveness() throws Exception {
    try (var orders = OrdersApplication.run(DETAILS)) {
      HttpResponse<String> ready = orders.get("/actuator/health/readiness");

      assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
      assertThat(IdentityHealthTest.<Map<String, Object>>read(ready, "$.components"))
          .containsOnlyKeys("readinessState", "serviceIdentity");
      assertThat(orders.get("/actuator/health/liveness").body()).doesNotContain("serviceIdentity");
      assertThat(orders.get("/readyz").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void whatIsDownTakesTheTrafficAwayButNotTheLife() throws Exception {
    try (var orders = OrdersApplication.run()) {
      orders.context().getBean(ServiceIdentity.class).close();

      assertThat(orders.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
      assertThat(orders.get("/actuator/health").statusCode()).isEqualTo(503);
      assertThat(orders.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsDegradedKeepsItsTrafficAndSaysWhy() throws Exception {
    try (var orders = OrdersApplication.run(DETAILS)) {
      orders
          .mechanism()
          .fail(
              new IdentityException(
                  IdentityException.Code.AUTHORITY_UNREACHABLE, "no authority answers"));

      HttpResponse<String> ready = orders.get("/actuator/health/readiness");

      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(
              IdentityHealthTest.<String>read(
                  ready, "$.components.serviceIdentity.details.identity"))
          .isEqualTo("DEGRADED");
      assertThat(
              IdentityHealthTest.<String>read(
                  ready, "$.components.serviceIdentity.details.mtls.detail"))
          .isEqualTo("no authority answers");
    }
  }

  @Test
  void whatTheUserIncludesInReadinessStays() throws Exception {
    try (var orders =
        OrdersApplication.run(
            DETAILS, "management.endpoint.health.group.readiness.include=readinessState,ping")) {
      assertThat(
              IdentityHealthTest.<Map<String, Object>>read(
                  orders.get("/actuator/health/readiness"), "$.components"))
          .containsOnlyKeys("readinessState", "ping");
    }
  }

  @Test
  void theAdditionalPathsOfProbesStay() throws Exception {
    try (var orders =
        OrdersApplication.run(
            DETAILS, "management.endpoint.health.probes.add-additional-paths=true")) {
      assertThat(orders.get("/readyz").body()).contains("serviceIdentity");
      assertThat(orders.get("/livez").body()).doesNotContain("serviceIdentity");
    }
  }

  @Test
  void withoutProbesThereIsNoGroup() throws Exception {
    try (var orders = OrdersApplication.run("management.endpoint.health.probes.enabled=false")) {
      assertThat(orders.get("/actuator/health/readiness").statusCode()).isEqualTo(404);
      assertThat(orders.get("/actuator/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void canBeSwitchedOff() throws Exception {
    try (var orders =
        OrdersApplication.run(DETAILS, "management.health.serviceidentity.enabled=false")) {
      assertThat(orders.get("/actuator/health").body()).doesNotContain("serviceIdentity");
      assertThat(orders.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
  }
}
