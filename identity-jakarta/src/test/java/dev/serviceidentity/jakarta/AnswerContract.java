// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.jakarta.Container.Application;
import dev.serviceidentity.jakarta.Container.Setup;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers and applications are told. */
abstract class AnswerContract extends ContainerContract {
  private static final List<HeaderField> REPLY =
      List.of(
          new HeaderField("WWW-Authenticate", "Negotiate"),
          new HeaderField("WWW-Authenticate", "Bearer"),
          new HeaderField("Connection", "close"));
  private static final String DECISION = "0123456789abcdef01234567";

  private final FakeServiceIdentity scripted =
      FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");

  @Test
  void aRefusalSaysItsLayerAndNothingElse() throws Exception {
    scripted.whenAdmitting().always(refused(RefusalReason.NO_CREDENTIALS));
    Wire wire = start(filter(scripted));

    Wire.Answer answer = wire.get("/orders/7");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"status\":401,\"title\":\"Unauthorized\","
                + "\"detail\":\"refused at layer IDENTITY, decision "
                + DECISION
                + "\",\"decision\":\""
                + DECISION
                + "\",\"layer\":\"IDENTITY\"}");
    assertThat(answer.field("content-type")).containsExactly("application/problem+json");
    assertThat(answer.field("cache-control")).containsExactly("no-store");
    assertThat(answer.field("www-authenticate")).containsExactly("Negotiate", "Bearer");
    assertThat(answer.fields()).noneMatch(field -> field.contains("secret"));
    assertThat(servlets.reached()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"NO_CREDENTIALS,401", "NOT_ALLOWED,403", "VIEW_STALE,503"})
  void aRefusalOfTheHeadHasNoBody(RefusalReason reason, int status) throws Exception {
    scripted.whenAdmitting().always(refused(reason));
    Wire wire = start(filter(scripted));

    Wire.Answer answer = wire.send("HEAD", "/orders/7");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aDeveloperIsToldTheExplanationInTheBodyAlone() throws Exception {
    scripted.whenAdmitting().always(refused(RefusalReason.NO_CREDENTIALS));
    Wire wire = start(filter(scripted).developerProfile("laptop"));

    Wire.Answer answer = wire.get("/orders/7");

    assertThat(answer.body())
        .contains(
            "\"explanation\":\"IDENTITY NO_CREDENTIALS: \\u0022secret\\u0022 \\u003cpod\\u003e\\u000a");
    assertThat(answer.fields()).noneMatch(field -> field.contains("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "none", "error", "async-here"})
  void theProofOfThisServiceIsInEveryAnswer(String how) throws Exception {
    scripted.whenAdmitting().always(admitted());
    Wire wire = start(filter(scripted));

    Wire.Answer answer = wire.get("/going/x?how=" + how);

    assertThat(answer.field("www-authenticate")).containsExactly("Negotiate", "Bearer");
    assertThat(answer.field("connection")).containsExactly("close");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void overHttp2NoFieldIsAboutTheConnection(boolean admits) throws Exception {
    scripted.whenAdmitting().always(admits ? admitted() : refused(RefusalReason.NO_CREDENTIALS));
    Wire wire = start(filter(scripted));
    HttpClient client = HttpClient.newBuilder().sslContext(wire.tls()).build();

    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + wire.port() + "/orders/7"))
                .build(),
            BodyHandlers.ofString());

    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(response.statusCode()).isEqualTo(admits ? 200 : 401);
    assertThat(response.headers().map()).doesNotContainKey("connection");
    assertThat(response.headers().allValues("www-authenticate"))
        .containsExactly("Negotiate", "Bearer");
  }

  @Test
  void whatAnEarlierFilterHasWrittenIsTakenBackAndItsFieldsAreKept() throws Exception {
    scripted.whenAdmitting().always(refused(RefusalReason.NOT_ALLOWED));
    Filter earlier =
        (request, response, chain) -> {
          ((HttpServletResponse) response).setHeader("X-Earlier", "yes");
          response.getWriter().print("begun");
          chain.doFilter(request, response);
        };
    Wire wire = startBehind(earlier);

    Wire.Answer answer = wire.get("/orders/7");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.field("x-earlier")).containsExactly("yes");
    assertThat(answer.body()).startsWith("{\"type\"").endsWith("\"layer\":\"IDENTITY\"}");
  }

  @Test
  void theMethodThatTheApplicationSeesIsTheOneThatIsJudged() throws Exception {
    scripted
        .whenAdmitting()
        .on(evidence -> "DELETE".equals(evidence.method()), refused(RefusalReason.NOT_ALLOWED))
        .always(admitted());
    Wire wire =
        startBehind(
            (request, response, chain) ->
                chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                      @Override
                      public String getMethod() {
                        return "DELETE";
                      }
                    },
                    response));

    assertThat(wire.send("POST", "/orders/7").status()).isEqualTo(403);
    assertThat(servlets.reached()).isEmpty();
  }

  @Test
  void anIdentityThatFailsAdmitsNobody() throws Exception {
    Wire wire = start(filter(scripted));

    Wire.Answer answer = wire.get("/orders/7");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("refused at layer IDENTITY, decision ");
    assertThat(servlets.reached()).isEmpty();
  }

  @Test
  void evidenceThatCannotBeReadAdmitsNobody() throws Exception {
    Wire wire =
        start(
            filter(orders())
                .evidence(
                    request -> {
                      throw new IllegalStateException("no such container");
                    }));

    assertThat(wire.get("/orders/7", WEB).status()).isEqualTo(503);
    assertThat(servlets.reached()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"reader,true", "writer,false", "*,false", "**,true"})
  void aRoleIsWhatTheMappingSays(String role, boolean has) throws Exception {
    Wire wire =
        start(
            filter(orders())
                .roles(
                    Roles.of(
                        Map.of(
                            "reader",
                            AllowedCallers.serviceAccounts("shop/web"),
                            "writer",
                            AllowedCallers.principals(ALICE.toString())))));

    assertThat(wire.get("/going/x?how=role&to=" + role, WEB).body()).isEqualTo("" + has);
  }

  @Test
  void aCallerIsAuthenticatedAlready() throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/going/x?how=authenticate", WEB).body()).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"login", "logout"})
  void aCallerCanBecomeNobodyElse(String how) throws Exception {
    Wire wire = start(filter(orders()));

    assertThat(wire.get("/going/x?how=" + how, WEB).status()).isEqualTo(500);
  }

  @Test
  void whatMakesTheDoorLessThanShutIsWarnedOfAtTheStart() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(IdentityFilter.class.getName());
    Handler handler = new Warnings(warnings);
    logger.addHandler(handler);
    try {
      start(
          filter(scripted)
              .developerProfile("laptop of " + folder)
              .rules(
                  PathRules.builder()
                      .path(
                          "/legacy/**",
                          AccessRule.usual()
                              .reportOnly(Layer.NETWORK, Instant.parse("2027-01-31T00:00:00Z")))
                      .build()));
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(warnings)
        .contains("On /legacy/** the layer NETWORK refuses nothing before 2027-01-31T00:00:00Z")
        .anyMatch(
            warning ->
                warning.startsWith("The developer profile 'laptop of " + folder + "' tells"));
  }

  /** Keeps messages. */
  private Wire startBehind(Filter earlier) throws Exception {
    Application application =
        context -> {
          context
              .addFilter("earlier", earlier)
              .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
          filter(scripted).build().register(context);
          servlets.addTo(context);
        };
    return start(new Setup("", false, application, folder));
  }

  private static final class Warnings extends Handler {
    private final List<String> messages;

    Warnings(List<String> messages) {
      this.messages = messages;
    }

    @Override
    public void publish(LogRecord message) {
      if (message.getLevel() == Level.WARNING) {
        messages.add(message.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Refused refused(RefusalReason reason) {
    return Refused.of(DECISION, new Refusal(Layer.IDENTITY, reason, "\"secret\" <pod>"), REPLY);
  }

  private static Admitted admitted() {
    return Admitted.of(DECISION, List.of(WEB.caller()), null, null, REPLY);
  }
}
