// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.jakarta.Container.Application;
import dev.serviceidentity.jakarta.Container.Setup;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dispatch of a request is guarded, and none is judged twice. */
abstract class DispatchContract extends ContainerContract {
  private static final String WEB_AS_SEEN = WEB + " CLIENT_CERT " + WEB;

  @Test
  void theApplicationLearnsWhoCalls() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/orders/7", WEB).body()).isEqualTo("orders REQUEST " + WEB_AS_SEEN);
    assertThat(wire.get("/orders/7", ALICE).body())
        .isEqualTo("orders REQUEST " + ALICE + " kerberos " + ALICE);
  }

  @Test
  void evidenceIsWhatTheContainerTellsUnlessSaidOtherwise() throws Exception {
    Wire wire = start(IdentityFilter.builder(orders()));

    assertThat(wire.get("/orders/7", WEB).body()).isEqualTo("orders REQUEST " + WEB_AS_SEEN);
    assertThat(wire.get("/orders/7").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"forward,FORWARD", "async,ASYNC", "async-wrapped,ASYNC", "include,INCLUDE"})
  void aCallerIsJudgedOnceHoweverTheRequestGoesOn(String how, String dispatcher) throws Exception {
    Wire wire = start(filter(orders()));

    Wire.Answer answer = wire.get("/going/x?how=" + how + "&to=/orders/7", WEB);

    assertThat(answer.body()).isEqualTo("orders " + dispatcher + " " + WEB_AS_SEEN);
    assertThat(judged).hasValue(1);
  }

  @Test
  void aRequestThatIsDispatchedToItselfKeepsItsCaller() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/going/x?how=async-here", WEB).body()).isEqualTo("here again " + WEB);
    assertThat(judged).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"error,410", "throw,500"})
  void anErrorPageKnowsWhoCalls(String how, int status) throws Exception {
    Wire wire = start(filter(orders()));

    Wire.Answer answer = wire.get("/going/x?how=" + how, WEB);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo("page ERROR " + WEB_AS_SEEN);
    assertThat(judged).hasValue(1);
  }

  @Test
  void anApplicationThatForwardsMayGoWhereItsCallerMayNot() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/admin/x", WEB).status()).isEqualTo(403);
    assertThat(wire.get("/going/x?how=forward&to=/admin/x", WEB).body())
        .startsWith("admin FORWARD " + WEB);
  }

  @Test
  void nobodyIsAskedOnAPublicPath() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/public/x").body()).isEqualTo("went nowhere null");
    assertThat(judged).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "async", "async-wrapped"})
  void whoCameByAPublicPathIsJudgedWhereItIsNoMore(String how) throws Exception {
    Wire wire = start(filter(orders()));
    String path = "/public/x?how=" + how + "&to=/admin/x";

    assertThat(wire.get(path).status()).isEqualTo(401);
    assertThat(wire.get(path, WEB).status()).isEqualTo(403);
    assertThat(servlets.reached()).containsOnly("going");
    assertThat(wire.get(path, ALICE).body()).startsWith("admin ").contains(" " + ALICE + " ");
    assertThat(judged).hasValue(3);
  }

  @Test
  void aPublicPageIncludesNothingThatItsCallerMayNotSee() throws Exception {
    Wire wire = start(filter(orders()));
    String path = "/public/x?how=include&to=/admin/x";

    assertThat(wire.get(path).body()).doesNotContain("admin");
    assertThat(wire.get(path, WEB).body()).doesNotContain("admin");
    assertThat(servlets.reached()).containsOnly("going");
    assertThat(wire.get(path, ALICE).body()).startsWith("admin INCLUDE " + ALICE);
    assertThat(judged).hasValue(3);
  }

  @Test
  void aPublicPageIncludesAnotherOne() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/public/x?how=include&to=/public/y").body()).isEqualTo("here again null");
    assertThat(judged).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/public/../admin/x", "/public/%2e%2e/admin/x", "/public/;/../admin/x"})
  void noSpellingOfAnIncludedPathLeadsAroundItsRule(String to) throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/public/x?how=include&to=" + to.replace("%", "%25")).body())
        .doesNotContain("admin");
    assertThat(servlets.reached()).containsOnly("going");
  }

  @Test
  void theMethodThatTheApplicationSeesIsJudged() throws Exception {
    List<String> methods = new CopyOnWriteArrayList<>();
    IdentityFilterBuilder readers =
        filter(orders(call -> methods.add(call.method()) && call.method().equals("GET")));
    Wire wire = start(new Setup("", false, overriding(readers.build()), folder));

    assertThat(wire.send("GET", "/orders/7?method=DELETE", Wire.proof(WEB)).status())
        .isEqualTo(403);
    assertThat(servlets.reached()).isEmpty();
    assertThat(methods).containsOnly("DELETE");
    assertThat(wire.get("/orders/7", WEB).status()).isEqualTo(200);
  }

  /** With a filter in front that lets callers name another method than they use. */
  private Application overriding(IdentityFilter filter) {
    Filter override =
        (request, response, chain) -> {
          String method = request.getParameter("method");
          chain.doFilter(
              method == null
                  ? request
                  : new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getMethod() {
                      return method;
                    }
                  },
              response);
        };
    return context -> {
      context
          .addFilter("override", override)
          .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
      filter.register(context);
      servlets.addTo(context);
    };
  }

  @Test
  void theErrorPageOfAPublicPathIsNotShownUnlessItIsPublicItself() throws Exception {
    Wire wire = start(filter(orders()));

    Wire.Answer answer = wire.get("/public/x?how=error");

    assertThat(answer.status()).isEqualTo(410);
    assertThat(answer.body()).isEqualTo("{\"type\":\"about:blank\",\"status\":410}");
    assertThat(servlets.reached()).containsExactly("going");
  }

  @Test
  void aPublicErrorPageIsShownOnPublicPaths() throws Exception {
    Wire wire =
        start(
            filter(orders()).rules(PathRules.builder().publicPath("/public/**", "/oops").build()));

    Wire.Answer answer = wire.get("/public/x?how=error");

    assertThat(answer.status()).isEqualTo(410);
    assertThat(answer.body()).startsWith("page ERROR null");
  }

  @ParameterizedTest
  @CsvSource({"TRACE,/orders/7", "GET,/orders/%00", "GET,/orders/%zz", "GET,/orders/%2fx"})
  void whatTheContainerRefusesByItselfReachesNoErrorPage(String method, String path)
      throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.send(method, path).status()).isBetween(400, 405);
    assertThat(servlets.reached()).isEmpty();
  }
}
