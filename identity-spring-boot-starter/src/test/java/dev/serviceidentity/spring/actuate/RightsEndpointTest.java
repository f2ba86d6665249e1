// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.serviceidentity.ServiceIdentity;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asked by HTTP, as an operator does. */
class RightsEndpointTest {
  private static final String ALL = "/actuator/serviceidentity?port=8443";
  private static final String[] SWITCHED_ON = {
    "management.endpoint.serviceidentity.access=read-only",
    "management.endpoints.web.exposure.include=serviceidentity"
  };

  private static OrdersApplication.Running orders;

  @BeforeAll
  static void run() {
    orders = OrdersApplication.run(SWITCHED_ON);
  }

  @AfterAll
  static void stop() {
    orders.close();
  }

  private static <T> T read(HttpResponse<String> response, String path) {
    return JsonPath.read(response.body(), path);
  }

  @Test
  void showsWhoMayCallByNameAndByNetworkAndWhereTheyDiffer() throws Exception {
    HttpResponse<String> all = orders.get(ALL);

    assertThat(all.statusCode()).as(all.body()).isEqualTo(200);
    assertThat(RightsEndpointTest.<List<String>>read(all, "$.callers[*].serviceAccount"))
        .containsExactly("finance/payments", "shop/batch", "shop/web");
    assertThat(RightsEndpointTest.<List<String>>read(all, "$.callers[*].access"))
        .containsExactly("IDENTITY_ONLY", "BOTH", "BOTH");
    assertThat(RightsEndpointTest.<List<String>>read(all, "$.differ"))
        .containsExactly("finance/payments");
    assertThat(RightsEndpointTest.<String>read(all, "$.outside")).isEqualTo("DENIED");
    assertThat(RightsEndpointTest.<String>read(all, "$.asked.service"))
        .isEqualTo("shop/orders-0:8443/TCP");
  }

  @Test
  void aRequestIsHeldAgainstTheRulesOfItsPath() throws Exception {
    HttpResponse<String> all = orders.get(ALL + "&path=/orders/7");

    assertThat(RightsEndpointTest.<List<String>>read(all, "$.differ"))
        .containsExactly("finance/payments", "shop/batch");
    assertThat(RightsEndpointTest.<String>read(all, "$.asked.method")).isEqualTo("GET");
  }

  @Test
  void aPublicPathIsToldToBeOne() throws Exception {
    HttpResponse<String> all = orders.get(ALL + "&path=/actuator/health");

    assertThat(RightsEndpointTest.<String>read(all, "$.asked.note")).contains("is public");
  }

  @Test
  void oneCallerIsExplainedAtBothLayers() throws Exception {
    HttpResponse<String> one = orders.get("/actuator/serviceidentity/finance/payments?port=8443");

    assertThat(RightsEndpointTest.<String>read(one, "$.access")).isEqualTo("IDENTITY_ONLY");
    assertThat(RightsEndpointTest.<String>read(one, "$.byName.why"))
        .contains("mtls:spiffe://shop.example/ns/finance/sa/payments");
    assertThat(RightsEndpointTest.<String>read(one, "$.byNetwork.verdict")).isEqualTo("DENIED");
    assertThat(one.body()).contains("orders-callers");
  }

  @Test
  void whoIsAdmittedOnlyBecauseALayerReportsIsToldAsSuchWithTheEnd() throws Exception {
    String end = "2099-01-31T00:00:00Z";
    try (var lax = OrdersApplication.run(laxUntil(end))) {
      HttpResponse<String> all = lax.get(ALL);
      HttpResponse<String> one = lax.get("/actuator/serviceidentity/finance/payments?port=8443");

      assertThat(RightsEndpointTest.<List<String>>read(all, "$.asked.reportOnly[*].layer"))
          .containsExactly("NETWORK");
      assertThat(RightsEndpointTest.<List<String>>read(all, "$.callers[*].admittedUntil"))
          .containsExactly(end);
      assertThat(RightsEndpointTest.<String>read(one, "$.admittedUntil")).isEqualTo(end);
    }
  }

  @Test
  void whatOnlyReportedOnceIsNotToldAnyMore() throws Exception {
    try (var strict = OrdersApplication.run(laxUntil("2020-01-31T00:00:00Z"))) {
      assertThat(strict.get(ALL).body()).doesNotContain("reportOnly", "admittedUntil");
    }
  }

  private static String[] laxUntil(String end) {
    return new String[] {
      SWITCHED_ON[0], SWITCHED_ON[1], "serviceidentity.report-only.network-until=" + end
    };
  }

  @Test
  void whoeverIsNotKnownIsUndecidable() throws Exception {
    HttpResponse<String> one = orders.get("/actuator/serviceidentity/shop/ghost?port=8443");

    assertThat(RightsEndpointTest.<String>read(one, "$.access")).isEqualTo("UNDECIDABLE");
    assertThat(one.body()).contains("no pod is known to run as it");
  }

  @Test
  void unlessAPortIsNamedTheOwnOneIsMeant() throws Exception {
    HttpResponse<String> all = orders.get("/actuator/serviceidentity");

    assertThat(RightsEndpointTest.<String>read(all, "$.asked.service"))
        .startsWith("shop/orders-0:")
        .doesNotContain(":8443/");
    assertThat(RightsEndpointTest.<List<String>>read(all, "$.callers[*].byNetwork"))
        .containsOnly("DENIED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?port=http|is no port",
        "?port=0|a port is 1 to 65535",
        "?port=8443&port=8444|is no port",
        "?port=8443&method=GET|say its path",
        "?port=8443&method=get&path=/a|capital letters",
        "?port=8443&path=a|begins with '/'",
        "?port=8443&path=/a/../b|two ways",
        "?port=8443&path=/a%3Bb|two ways",
        "?port=8443&path=/a%250a|two ways",
        "/shop/UPPER?port=8443|service account",
        "/shop/a..b?port=8443|service account"
      })
  void aQuestionThatCannotBeReadIsRefusedWithTheReason(String question, String reason)
      throws Exception {
    HttpResponse<String> refused = orders.get("/actuator/serviceidentity" + question);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(RightsEndpointTest.<String>read(refused, "$.detail")).containsIgnoringCase(reason);
  }

  @Test
  void isOffUnlessItIsSwitchedOn() throws Exception {
    try (var exposed = OrdersApplication.run("management.endpoints.web.exposure.include=*")) {
      assertThat(exposed.get("/actuator/serviceidentity?port=8443").statusCode()).isEqualTo(404);
      assertThat(exposed.get("/actuator/info").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anIdentityThatIsClosedAnswersNothing() throws Exception {
    try (var closed = OrdersApplication.run(SWITCHED_ON)) {
      closed.context().getBean(ServiceIdentity.class).close();

      HttpResponse<String> none = closed.get(ALL);

      assertThat(none.statusCode()).as(none.body()).isEqualTo(503);
    }
  }
}
