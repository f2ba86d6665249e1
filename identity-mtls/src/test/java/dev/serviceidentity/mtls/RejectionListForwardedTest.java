// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.ForwardedRequests.BATCH;
import static dev.serviceidentity.mtls.ForwardedRequests.BY;
import static dev.serviceidentity.mtls.ForwardedRequests.CHAIN;
import static dev.serviceidentity.mtls.ForwardedRequests.CLIENT_CERT;
import static dev.serviceidentity.mtls.ForwardedRequests.GATEWAY;
import static dev.serviceidentity.mtls.ForwardedRequests.GOOD;
import static dev.serviceidentity.mtls.ForwardedRequests.L5D;
import static dev.serviceidentity.mtls.ForwardedRequests.NGINX;
import static dev.serviceidentity.mtls.ForwardedRequests.XFCC;
import static dev.serviceidentity.mtls.ForwardedRequests.escaped;
import static dev.serviceidentity.mtls.ForwardedRequests.field;
import static dev.serviceidentity.mtls.ForwardedRequests.sha256;
import static dev.serviceidentity.mtls.World.ORDERS;
import static dev.serviceidentity.mtls.World.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mtls.forwarded.ForwardedRejection;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must be rejected of the headers and elements that proxies write: the cases 41 to 55. */
class RejectionListForwardedTest extends ForwardedCases {
  @Test
  @DisplayName("41 a header from an untrusted peer is ignored and flagged")
  void aHeaderFromAnUntrustedPeerIsIgnoredAndFlagged() {
    CallerEvidence spoofed = requests.fromBatch(XFCC, GOOD);
    assertThat(requests.name(spoofed)).isEqualTo(BATCH);
    assertThat(requests.caller(spoofed).forwardedBy()).isEmpty();
    assertThat(requests.orders.callers().ignored(spoofed))
        .containsExactly(
            "x-forwarded-client-cert from 10.1.0.7, which is not a proxy that is trusted to"
                + " forward");
    CallerEvidence anonymous = ForwardedRequests.from("10.1.0.66", XFCC, GOOD, L5D, WEB);
    assertThat(requests.orders.callers().claims(anonymous)).isFalse();
    assertThat(requests.orders.callers().ignored(anonymous))
        .singleElement()
        .asString()
        .startsWith("x-forwarded-client-cert, l5d-client-id from 10.1.0.66,");
    assertThat(requests.orders.callers().ignored(requests.fromGateway(XFCC, GOOD))).isEmpty();
  }

  @Test
  @DisplayName("42 a trusted proxy without header is not itself the caller")
  void aTrustedProxyWithoutHeaderIsNotItselfTheCaller() {
    refused(
        requests.fromGateway(),
        ForwardedRejection.NOT_FORWARDED,
        "an identity of its own",
        "no x-forwarded-client-cert");
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + NGINX),
        ForwardedRejection.FORWARDED_PROXY,
        "one proxy",
        NGINX + " is a proxy itself");
  }

  @Test
  @DisplayName("43 of several elements the nearest hop's is the last and the only one")
  void ofSeveralElementsTheNearestHopsIsTheLastAndTheOnlyOne() {
    String value = "By=spiffe://elsewhere.example/edge;URI=" + EVIL + "," + GOOD;
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
    refused(
        requests.appended,
        requests.fromGateway(XFCC, GOOD + ",By=spiffe://elsewhere.example/edge;URI=" + EVIL),
        ForwardedRejection.BY_OTHER,
        "set the header",
        "By is 'spiffe://elsewhere.example/edge'");
  }

  /** Envoy writes URI names without quotes: one with a comma in it is two elements. */
  @Test
  @DisplayName("43 several elements are refused unless the proxy is said to append")
  void severalElementsAreRefusedUnlessTheProxyIsSaidToAppend() {
    String uri = "spiffe://partner.example/x," + BY + ";URI=" + EVIL;
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=" + "aa".repeat(32) + ";URI=" + uri),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "SANITIZE_SET",
        "more elements than 1");
    refused(
        requests.fromGateway(XFCC, GOOD + ", " + GOOD),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "appending()",
        "more elements than 1");
  }

  /** As Envoy writes a certificate that has no URI name, and a semicolon in its DNS name. */
  @ParameterizedTest
  @ValueSource(strings = {"URI=;DNS=x;URI=", "DNS=x;URI="})
  @DisplayName("43 a URI name behind an empty one or behind a DNS name was written into that")
  void aUriNameBehindAnEmptyOneOrBehindADnsNameWasWrittenIntoThat(String pairs) {
    refused(
        requests.fromGateway(XFCC, BY + ";" + pairs + EVIL),
        ForwardedRejection.MALFORMED_ELEMENT,
        "quoted where needed",
        "URI");
  }

  @Test
  @DisplayName("44 several header lines are refused")
  void severalHeaderLinesAreRefused() {
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + EVIL, XFCC, GOOD),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header",
        "x-forwarded-client-cert has 2 lines");
    String leaf = field(requests.web.chain().get(0));
    refused(
        requests.fromNginx(CLIENT_CERT, leaf, CLIENT_CERT, leaf),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header",
        "client-cert has 2 lines");
  }

  @Test
  @DisplayName("45 a quoted comma, semicolon and equals sign separate nothing")
  void aQuotedCommaSemicolonAndEqualsSignSeparateNothing() {
    String value = BY + ";Subject=\"O=a,b;c=d,By=x\";URI=\"" + WEB + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, GOOD + ";Subject=CN=web"),
        ForwardedRejection.MALFORMED_ELEMENT,
        "quoted",
        "must be quoted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Subject=\"CN=web|a quoted value does not end",
        "Subject=\"CN=web\\\"|a quoted value does not end",
        "Subject=\"CN=web\"x|something stands behind a closing quote",
        "Subject=\"CN=web\"\"\"|something stands behind a closing quote",
        "URI=\"spiffe://shop.example/\\a\"|URI has a backslash",
      })
  @DisplayName("46 a backslashed quote, an unterminated quote and junk behind it are refused")
  void aBackslashedQuoteAnUnterminatedQuoteAndJunkBehindItAreRefused(String pair, String says) {
    refused(
        requests.fromGateway(XFCC, GOOD + ";" + pair),
        ForwardedRejection.MALFORMED_QUOTING,
        "must quote values",
        says);
  }

  /** As Envoy writes the subjects {@code CN=a"} and {@code CN=a\}: escaped by RFC 2253. */
  @ParameterizedTest
  @ValueSource(strings = {"CN=a\\\"", "CN=a\\\\", "CN=a\\\\\\\"\\;URI\\=x"})
  @DisplayName("46 an escaped quote or backslash inside a subject is part of it")
  void anEscapedQuoteOrBackslashInsideASubjectIsPartOfIt(String subject) {
    String value = BY + ";Subject=\"" + subject + "\";URI=" + WEB;
    assertThat(requests.name(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
  }

  @Test
  @DisplayName("47 keys are the same in any letter case and values are not")
  void keysAreTheSameInAnyLetterCaseAndValuesAreNot() {
    assertThat(requests.name(requests.fromGateway(XFCC, "bY=" + GATEWAY + ";uri=" + WEB)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, "By=" + GATEWAY.toUpperCase(Locale.ROOT) + ";URI=" + WEB),
        ForwardedRejection.BY_OTHER,
        "set the header",
        "By is 'SPIFFE://SHOP.EXAMPLE/");
    refused(
        requests.fromGateway(XFCC, BY + ";URI=SPIFFE://shop.example/ns/shop/sa/web"),
        CertificateRejection.ID_SCHEME,
        "spiffe://",
        "SPIFFE://shop.example/ns/shop/sa/web");
  }

  @Test
  @DisplayName("48 a duplicate URI is refused")
  void aDuplicateUriIsRefused() {
    refused(
        requests.fromGateway(XFCC, GOOD + ";URI=" + WEB),
        CertificateRejection.SEVERAL_URI_NAMES,
        "exactly one URI name",
        "2 URI names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"By=a;by=b", "Hash=00;HASH=00", "Subject=\"\";Subject=\"CN=web\""})
  @DisplayName("49 a duplicate By, Hash or subject is refused")
  void aDuplicateByHashOrSubjectIsRefused(String pairs) {
    refused(
        requests.fromGateway(XFCC, "URI=" + WEB + ";" + pairs),
        ForwardedRejection.REPEATED_KEY,
        "once in an element",
        "is there twice");
  }

  @Test
  @DisplayName("50 an unknown key is ignored")
  void anUnknownKeyIsIgnored() {
    assertThat(requests.name(requests.fromGateway(XFCC, GOOD + ";IPAddress=10.1.0.5;X=\"a\\b\"")))
        .isEqualTo(WEB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ",GOOD", "GOOD,", "GOOD,,GOOD", "GOOD;", "GOOD;;X=1", "=a", "URI"})
  @DisplayName("50 an empty element is refused")
  void anEmptyElementIsRefused(String value) {
    refused(
        requests.appended,
        requests.fromGateway(XFCC, value.replace("GOOD", GOOD)),
        ForwardedRejection.MALFORMED_ELEMENT,
        "Key=Value",
        "there is no Key=");
  }

  @Test
  @DisplayName("51 a By that is not us is refused")
  void aByThatIsNotUsIsRefused() {
    CallerEvidence throughSidecar =
        ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + WEB);
    assertThat(requests.name(throughSidecar)).isEqualTo(WEB);
    refused(
        ForwardedRequests.from("127.0.0.6", XFCC, GOOD),
        ForwardedRejection.BY_OTHER,
        "configure that name",
        "not " + ORDERS);
    refused(
        requests.fromGateway(XFCC, "By=" + ORDERS + ";URI=" + WEB),
        ForwardedRejection.BY_OTHER,
        "configure that name",
        "not " + GATEWAY);
  }

  @Test
  @DisplayName("52 a hash that is not the certificate's is refused")
  void aHashThatIsNotTheCertificatesIsRefused() {
    X509Certificate web = requests.web.chain().get(0);
    String cert = ";Cert=\"" + escaped(web) + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, BY + ";Hash=" + sha256(web) + cert)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=" + "00".repeat(32) + cert),
        ForwardedRejection.HASH_DIFFERS,
        "attack",
        "Hash is 0000");
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=00" + cert),
        ForwardedRejection.HASH_MALFORMED,
        "hexadecimal",
        "not a SHA-256");
  }

  @ParameterizedTest
  @CsvSource({
    "%2, Two hexadecimal digits",
    "%zz, Two hexadecimal digits",
    "%, Two hexadecimal digits",
    "%253D, for no PEM character",
    "%00, for no PEM character",
    "%c3%a9, for no PEM character",
  })
  @DisplayName("53 malformed or double URL-encoding is refused")
  void malformedOrDoubleUrlEncodingIsRefused(String end, String says) {
    refused(
        requests.fromGateway(XFCC, BY + ";Cert=\"" + escaped(leaf()) + end + "\""),
        ForwardedRejection.MALFORMED_ENCODING,
        "once",
        says);
  }

  @Test
  @DisplayName("53 a plus sign is not a space")
  void aPlusSignIsNotASpace() {
    String plus = escaped(leaf()).replace("%20", "+");
    refused(
        requests.fromGateway(XFCC, BY + ";Cert=\"" + plus + "\""),
        ForwardedRejection.MALFORMED_ENCODING,
        "plus sign",
        "is not encoded");
  }

  @Test
  @DisplayName("54 a chain whose leaf is not the certificate is refused")
  void aChainWhoseLeafIsNotTheCertificateIsRefused() {
    String cert = escaped(leaf());
    String own = escaped(leaf(), requests.world.ca.certificate());
    assertThat(requests.name(requests.fromGateway(XFCC, BY + xfcc(cert, own)))).isEqualTo(WEB);
    String others = escaped(requests.fromBatch().peerCertificates().get(0));
    refused(
        requests.fromGateway(XFCC, BY + xfcc(cert, others)),
        ForwardedRejection.CHAIN_DIFFERS,
        "attack",
        "another certificate than Cert");
    refused(
        requests.fromNginx(CHAIN, field(requests.world.ca.certificate())),
        ForwardedRejection.CHAIN_WITHOUT_CERTIFICATE,
        "Client-Cert too",
        "without client-cert");
  }

  @Test
  @DisplayName("55 a URI inside a quoted name is part of the name")
  void aUriInsideAQuotedNameIsPartOfTheName() {
    String subject = "Subject=\"CN=x;URI=spiffe://evil,By=" + GATEWAY + ";URI=" + EVIL + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, BY + ";" + subject + ";URI=" + WEB)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, BY + ";" + subject),
        ForwardedRejection.NO_NAME,
        "pass on URI",
        "neither URI nor DNS nor Cert");
  }

  private static String xfcc(String cert, String chain) {
    return ";Cert=\"" + cert + "\";Chain=\"" + chain + "\"";
  }
}
