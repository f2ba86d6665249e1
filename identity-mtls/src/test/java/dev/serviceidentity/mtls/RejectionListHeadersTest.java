// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.ForwardedRequests.BATCH;
import static dev.serviceidentity.mtls.ForwardedRequests.BY;
import static dev.serviceidentity.mtls.ForwardedRequests.CHAIN;
import static dev.serviceidentity.mtls.ForwardedRequests.CLIENT_CERT;
import static dev.serviceidentity.mtls.ForwardedRequests.GOOD;
import static dev.serviceidentity.mtls.ForwardedRequests.L5D;
import static dev.serviceidentity.mtls.ForwardedRequests.XFCC;
import static dev.serviceidentity.mtls.ForwardedRequests.field;
import static dev.serviceidentity.mtls.ForwardedRequests.sha256;
import static dev.serviceidentity.mtls.World.ORDERS;
import static dev.serviceidentity.mtls.World.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mtls.forwarded.ForwardedRejection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must be rejected of forwarding headers for their size, their characters and the way in which
 * they come together: the cases 56 to 62.
 */
class RejectionListHeadersTest extends ForwardedCases {
  @Test
  @DisplayName("56 over sixteen kibibytes are refused")
  void overSixteenKibibytesAreRefused() {
    String filler = ";X=" + "x".repeat(16 * 1024 - GOOD.length() - 3);
    assertThat(requests.name(requests.fromGateway(XFCC, GOOD + filler))).isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, GOOD + filler + "x"),
        ForwardedRejection.TOO_LARGE,
        "16 KiB",
        "16385 characters");
  }

  @Test
  @DisplayName("56 over sixteen kibibytes of Client-Cert are refused")
  void overSixteenKibibytesOfClientCertAreRefused() {
    String cert = padded(field(leaf()));
    String ca = padded(field(requests.world.ca.certificate()));
    assertThat(requests.name(requests.fromNginx(CLIENT_CERT, cert, CHAIN, ca))).isEqualTo(WEB);
    refused(
        requests.fromNginx(CLIENT_CERT, cert + " "),
        ForwardedRejection.TOO_LARGE,
        "16 KiB",
        "16385 characters");
    refused(
        requests.fromNginx(CLIENT_CERT, cert, CHAIN, ca + " "),
        ForwardedRejection.TOO_LARGE,
        "16 KiB",
        "16385 characters");
  }

  @Test
  @DisplayName("56 over thirty two members of Client-Cert-Chain are refused")
  void overThirtyTwoMembersOfClientCertChainAreRefused() {
    String cert = field(leaf());
    String most = ":AA==:,".repeat(31) + ":AA==:";
    refused(
        requests.fromNginx(CLIENT_CERT, cert, CHAIN, most),
        ForwardedRejection.CERTIFICATE_UNREADABLE,
        "",
        "no X.509 certificate");
    refused(
        requests.fromNginx(CLIENT_CERT, cert, CHAIN, most + ",:AA==:"),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "outermost",
        "32 members");
  }

  @Test
  @DisplayName("56 over sixteen kibibytes of l5d-client-id are refused")
  void overSixteenKibibytesOfLinkerdsHeaderAreRefused() {
    assertThat(requests.name(fromLinkerd(padded(WEB)))).isEqualTo(WEB);
    refused(
        fromLinkerd(padded(WEB) + " "), ForwardedRejection.TOO_LARGE, "16 KiB", "16385 characters");
  }

  @Test
  @DisplayName("56 over thirty two elements are refused")
  void overThirtyTwoElementsAreRefused() {
    String others = "URI=a,".repeat(31);
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, others + GOOD))).isEqualTo(WEB);
    refused(
        requests.appended,
        requests.fromGateway(XFCC, "URI=a," + others + GOOD),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "outermost",
        "elements");
    refused(
        requests.fromGateway(XFCC, GOOD + ";X=1".repeat(32)),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "outermost",
        "over 32 pairs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\nX: y", "\0", "\u007f", "\u0085", "\u2028", "\u00e9"})
  @DisplayName("57 CR, LF and NUL are refused")
  void carriageReturnLineFeedAndNulAreRefused(String character) {
    refused(
        requests.fromGateway(XFCC, GOOD + ";Subject=\"" + character + "\""),
        ForwardedRejection.ILLEGAL_CHARACTER,
        "attack",
        "is U+" + Integer.toHexString(character.charAt(0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\0", "\u007f", "\u00e9"})
  @DisplayName("57 CR, LF and NUL in Client-Cert, its chain and l5d-client-id are refused")
  void illegalCharactersInTheOtherHeadersAreRefused(String character) {
    String cert = field(leaf());
    String says = "is U+" + Integer.toHexString(character.charAt(0));
    for (CallerEvidence sent :
        List.of(
            requests.fromNginx(CLIENT_CERT, cert + character),
            requests.fromNginx(CLIENT_CERT, cert, CHAIN, cert + character),
            fromLinkerd(WEB + character))) {
      refused(sent, ForwardedRejection.ILLEGAL_CHARACTER, "attack", says);
    }
  }

  @Test
  @DisplayName("58 a proxy that only forwards writes no By")
  void aProxyThatOnlyForwardsWritesNoBy() {
    refused(
        requests.fromGateway(XFCC, "Hash=" + sha256(leaf()) + ";URI=" + WEB),
        ForwardedRejection.BY_MISSING,
        "instead of only forwarding",
        "has no By");
    refused(
        ForwardedRequests.from("127.0.0.6", XFCC, "URI=" + WEB),
        ForwardedRejection.BY_MISSING,
        "instead of only forwarding",
        "has no By");
  }

  @Test
  @DisplayName("59 where a header disagrees with direct mTLS, direct wins")
  void whereAHeaderDisagreesWithDirectMutualTlsTheDirectOneWins() {
    assertThat(requests.name(requests.fromBatch(XFCC, GOOD))).isEqualTo(BATCH);
    CallerEvidence onSidecarsAddress =
        ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + EVIL)
            .peerCertificates(requests.fromBatch().peerCertificates());
    assertThat(requests.name(onSidecarsAddress)).isEqualTo(BATCH);
    assertThat(requests.orders.callers().ignored(onSidecarsAddress)).hasSize(1);
  }

  @Test
  @DisplayName("60 two forwarding headers are refused")
  void twoForwardingHeadersAreRefused() {
    String cert = field(leaf());
    refused(
        requests.fromGateway(XFCC, GOOD, CLIENT_CERT, cert),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers",
        "[x-forwarded-client-cert, client-cert]");
    refused(
        requests.fromNginx(CLIENT_CERT, cert, L5D, WEB),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers",
        "[client-cert, l5d-client-id]");
    refused(
        requests.fromGateway(XFCC, GOOD, CHAIN, cert),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers",
        "[x-forwarded-client-cert, client-cert-chain]");
    refused(
        requests.fromGateway(CLIENT_CERT, cert),
        ForwardedRejection.NOT_FORWARDED,
        "the header that is configured for it",
        "but [client-cert]");
  }

  /** A server of HTTP/2 hands out both fields, or joins them (RFC 9110 section 5.3). */
  @Test
  @DisplayName("61 a header doubled through HTTP/2 is refused unless the last hop's is last")
  void aHeaderDoubledThroughHttp2IsRefusedUnlessTheLastHopsIsLast() {
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + EVIL, XFCC.toLowerCase(Locale.ROOT), GOOD),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header",
        "x-forwarded-client-cert has 2 lines");
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, GOOD + ", " + GOOD)))
        .isEqualTo(WEB);
    String cert = field(leaf());
    refused(
        requests.fromNginx(CLIENT_CERT, cert + ", " + cert),
        ForwardedRejection.MALFORMED_FIELD,
        "between colons",
        "no base64");
  }

  @Test
  @DisplayName("61 a header doubled by a client of a real server of HTTP/2 is refused")
  void aHeaderDoubledByAClientOfARealServerOfHttp2IsRefused() throws Exception {
    String value = BY + ";Hash=" + sha256(leaf()) + ";URI=";
    try (JettyServer server = JettyServer.start(requests.orders)) {
      HttpClient gateway =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_2)
              .sslContext(PlainClient.showing(requests.gateway))
              .build();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/"))
              .header(XFCC, value + WEB);

      HttpResponse<String> once = gateway.send(request.build(), BodyHandlers.ofString());
      HttpResponse<String> twice =
          gateway.send(request.header(XFCC, value + EVIL).build(), BodyHandlers.ofString());

      assertThat(once.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(once.body()).endsWith(" sha256:" + sha256(leaf()));
      assertThat(twice.statusCode()).isEqualTo(401);
      assertThat(twice.body()).contains("SEVERAL_LINES").contains("has 2 lines");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X_Forwarded_Client_Cert",
        "x-forwarded_client-cert",
        "Client_Cert",
        "client_cert-chain",
        "l5d_client_id"
      })
  @DisplayName("62 a header name with an underscore is refused")
  void aHeaderNameWithAnUnderscoreIsRefused(String name) {
    refused(
        requests.fromGateway(XFCC, GOOD, name, BY + ";URI=" + EVIL),
        ForwardedRejection.LOOKALIKE_NAME,
        "names with '_'",
        "a header " + name.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"close, X-Forwarded-Client-Cert", "client-cert", " l5d-client-id ,a"})
  @DisplayName("62 a Connection-nominated copy is refused")
  void aConnectionNominatedCopyIsRefused(String connection) {
    refused(
        requests.fromGateway(XFCC, GOOD, "Connection", connection),
        ForwardedRejection.NAMED_BY_CONNECTION,
        "remove Connection",
        "Connection names ");
  }

  private static CallerEvidence fromLinkerd(String value) {
    return ForwardedRequests.from("127.0.0.7", L5D, value);
  }

  /** To exactly as much as is accepted. */
  private static String padded(String value) {
    return value + " ".repeat(16 * 1024 - value.length());
  }
}
