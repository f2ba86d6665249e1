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
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.mtls.forwarded.ForwardedRejection;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases 41 to 62 of what must be rejected, in their order, each with its code and remedy. */
class ForwardedRejectionListTest {
  private static final String EVIL = "spiffe://shop.example/ns/shop/sa/evil";

  @TempDir Path directory;
  private ForwardedRequests requests;

  @BeforeEach
  void open() throws Exception {
    requests = new ForwardedRequests(directory);
  }

  @AfterEach
  void close() throws Exception {
    requests.close();
  }

  @Test
  void case41AHeaderFromAnUntrustedPeerIsIgnoredAndFlagged() {
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
  void case42ATrustedProxyWithoutHeaderIsNotItselfTheCaller() {
    refused(requests.fromGateway(), ForwardedRejection.NOT_FORWARDED, "an identity of its own");
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + NGINX),
        ForwardedRejection.FORWARDED_PROXY,
        "one proxy");
  }

  @Test
  void case43OfSeveralElementsTheNearestHopsIsTheLastAndTheOnlyOne() {
    String value = "By=spiffe://elsewhere.example/edge;URI=" + EVIL + "," + GOOD;
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
    ForwardedRequests.refused(
        requests.appended,
        requests.fromGateway(XFCC, GOOD + ",By=spiffe://elsewhere.example/edge;URI=" + EVIL),
        ForwardedRejection.BY_OTHER,
        "set the header");
  }

  /** Envoy writes URI names without quotes: one with a comma in it is two elements. */
  @Test
  void case43SeveralElementsAreRefusedUnlessTheProxyIsSaidToAppend() {
    String uri = "spiffe://partner.example/x," + BY + ";URI=" + EVIL;
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=" + "aa".repeat(32) + ";URI=" + uri),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "SANITIZE_SET");
    refused(
        requests.fromGateway(XFCC, GOOD + ", " + GOOD),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "appending()");
  }

  /** As Envoy writes a certificate that has no URI name, and a semicolon in its DNS name. */
  @ParameterizedTest
  @ValueSource(strings = {"URI=;DNS=x;URI=", "DNS=x;URI="})
  void case43AUriNameBehindAnEmptyOneOrBehindADnsNameWasWrittenIntoThat(String pairs) {
    refused(
        requests.fromGateway(XFCC, BY + ";" + pairs + EVIL),
        ForwardedRejection.MALFORMED_ELEMENT,
        "quoted where needed");
  }

  @Test
  void case44SeveralHeaderLinesAreRefused() {
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + EVIL, XFCC, GOOD),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header");
    String leaf = field(requests.web.chain().get(0));
    refused(
        requests.fromNginx(CLIENT_CERT, leaf, CLIENT_CERT, leaf),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header");
  }

  @Test
  void case45AQuotedCommaSemicolonAndEqualsSignSeparateNothing() {
    String value = BY + ";Subject=\"O=a,b;c=d,By=x\";URI=\"" + WEB + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, GOOD + ";Subject=CN=web"),
        ForwardedRejection.MALFORMED_ELEMENT,
        "quoted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject=\"CN=web",
        "Subject=\"CN=web\\\"",
        "Subject=\"CN=web\"x",
        "Subject=\"CN=web\"\"\"",
        "URI=\"spiffe://shop.example/\\a\"",
      })
  void case46ABackslashedQuoteAnUnterminatedQuoteAndJunkBehindItAreRefused(String pair) {
    refused(
        requests.fromGateway(XFCC, GOOD + ";" + pair),
        ForwardedRejection.MALFORMED_QUOTING,
        "must quote values");
  }

  /** As Envoy writes the subjects {@code CN=a"} and {@code CN=a\}: escaped by RFC 2253. */
  @ParameterizedTest
  @ValueSource(strings = {"CN=a\\\"", "CN=a\\\\", "CN=a\\\\\\\"\\;URI\\=x"})
  void case46AnEscapedQuoteOrBackslashInsideASubjectIsPartOfIt(String subject) {
    String value = BY + ";Subject=\"" + subject + "\";URI=" + WEB;
    assertThat(requests.name(requests.fromGateway(XFCC, value))).isEqualTo(WEB);
  }

  @Test
  void case47KeysAreTheSameInAnyLetterCaseAndValuesAreNot() {
    assertThat(requests.name(requests.fromGateway(XFCC, "bY=" + GATEWAY + ";uri=" + WEB)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, "By=" + GATEWAY.toUpperCase(Locale.ROOT) + ";URI=" + WEB),
        ForwardedRejection.BY_OTHER,
        "set the header");
    refused(
        requests.fromGateway(XFCC, BY + ";URI=SPIFFE://shop.example/ns/shop/sa/web"),
        CertificateRejection.ID_SCHEME,
        "spiffe://");
  }

  @Test
  void case48ADuplicateUriIsRefused() {
    refused(
        requests.fromGateway(XFCC, GOOD + ";URI=" + WEB),
        CertificateRejection.SEVERAL_URI_NAMES,
        "exactly one URI name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"By=a;by=b", "Hash=00;HASH=00", "Subject=\"\";Subject=\"CN=web\""})
  void case49ADuplicateByHashOrSubjectIsRefused(String pairs) {
    refused(
        requests.fromGateway(XFCC, "URI=" + WEB + ";" + pairs),
        ForwardedRejection.REPEATED_KEY,
        "once in an element");
  }

  @Test
  void case50AnUnknownKeyIsIgnored() {
    assertThat(requests.name(requests.fromGateway(XFCC, GOOD + ";IPAddress=10.1.0.5;X=\"a\\b\"")))
        .isEqualTo(WEB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ",GOOD", "GOOD,", "GOOD,,GOOD", "GOOD;", "GOOD;;X=1", "=a", "URI"})
  void case50AnEmptyElementIsRefused(String value) {
    ForwardedRequests.refused(
        requests.appended,
        requests.fromGateway(XFCC, value.replace("GOOD", GOOD)),
        ForwardedRejection.MALFORMED_ELEMENT,
        "Key=Value");
  }

  @Test
  void case51AByThatIsNotUsIsRefused() {
    CallerEvidence throughSidecar =
        ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + WEB);
    assertThat(requests.name(throughSidecar)).isEqualTo(WEB);
    refused(
        ForwardedRequests.from("127.0.0.6", XFCC, GOOD),
        ForwardedRejection.BY_OTHER,
        "configure that name");
    refused(
        requests.fromGateway(XFCC, "By=" + ORDERS + ";URI=" + WEB),
        ForwardedRejection.BY_OTHER,
        "configure that name");
  }

  @Test
  void case52AHashThatIsNotTheCertificatesIsRefused() {
    X509Certificate web = requests.web.chain().get(0);
    String cert = ";Cert=\"" + escaped(web) + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, BY + ";Hash=" + sha256(web) + cert)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=" + "00".repeat(32) + cert),
        ForwardedRejection.HASH_DIFFERS,
        "attack");
    refused(
        requests.fromGateway(XFCC, BY + ";Hash=00" + cert),
        ForwardedRejection.HASH_MALFORMED,
        "hexadecimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%2", "%zz", "%", "%253D", "%00", "%c3%a9"})
  void case53MalformedOrDoubleUrlEncodingIsRefused(String end) {
    refused(
        requests.fromGateway(XFCC, BY + ";Cert=\"" + escaped(leaf()) + end + "\""),
        ForwardedRejection.MALFORMED_ENCODING,
        "once");
  }

  @Test
  void case53APlusSignIsNotASpace() {
    String plus = escaped(leaf()).replace("%20", "+");
    refused(
        requests.fromGateway(XFCC, BY + ";Cert=\"" + plus + "\""),
        ForwardedRejection.MALFORMED_ENCODING,
        "plus sign");
  }

  @Test
  void case54AChainWhoseLeafIsNotTheCertificateIsRefused() {
    String cert = escaped(leaf());
    String own = escaped(leaf(), requests.world.ca.certificate());
    assertThat(requests.name(requests.fromGateway(XFCC, BY + xfcc(cert, own)))).isEqualTo(WEB);
    String others = escaped(requests.fromBatch().peerCertificates().get(0));
    refused(
        requests.fromGateway(XFCC, BY + xfcc(cert, others)),
        ForwardedRejection.CHAIN_DIFFERS,
        "attack");
    refused(
        requests.fromNginx(CHAIN, field(requests.world.ca.certificate())),
        ForwardedRejection.CHAIN_WITHOUT_CERTIFICATE,
        "Client-Cert too");
  }

  @Test
  void case55AUriInsideAQuotedNameIsPartOfTheName() {
    String subject = "Subject=\"CN=x;URI=spiffe://evil,By=" + GATEWAY + ";URI=" + EVIL + "\"";
    assertThat(requests.name(requests.fromGateway(XFCC, BY + ";" + subject + ";URI=" + WEB)))
        .isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, BY + ";" + subject), ForwardedRejection.NO_NAME, "pass on URI");
  }

  @Test
  void case56OverSixteenKibibytesAreRefused() {
    String filler = ";X=" + "x".repeat(16 * 1024 - GOOD.length() - 3);
    assertThat(requests.name(requests.fromGateway(XFCC, GOOD + filler))).isEqualTo(WEB);
    refused(
        requests.fromGateway(XFCC, GOOD + filler + "x"), ForwardedRejection.TOO_LARGE, "16 KiB");
  }

  @Test
  void case56OverThirtyTwoElementsAreRefused() {
    String others = "URI=a,".repeat(31);
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, others + GOOD))).isEqualTo(WEB);
    ForwardedRequests.refused(
        requests.appended,
        requests.fromGateway(XFCC, "URI=a," + others + GOOD),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "outermost");
    refused(
        requests.fromGateway(XFCC, GOOD + ";X=1".repeat(32)),
        ForwardedRejection.TOO_MANY_ELEMENTS,
        "outermost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\nX: y", "\0", "\u007f", "\u0085", "\u2028", "\u00e9"})
  void case57CarriageReturnLineFeedAndNulAreRefused(String character) {
    refused(
        requests.fromGateway(XFCC, GOOD + ";Subject=\"" + character + "\""),
        ForwardedRejection.ILLEGAL_CHARACTER,
        "attack");
  }

  @Test
  void case58AProxyThatOnlyForwardsWritesNoBy() {
    refused(
        requests.fromGateway(XFCC, "Hash=" + sha256(leaf()) + ";URI=" + WEB),
        ForwardedRejection.BY_MISSING,
        "instead of only forwarding");
    refused(
        ForwardedRequests.from("127.0.0.6", XFCC, "URI=" + WEB),
        ForwardedRejection.BY_MISSING,
        "instead of only forwarding");
  }

  @Test
  void case59WhereAHeaderDisagreesWithDirectMutualTlsTheDirectOneWins() {
    assertThat(requests.name(requests.fromBatch(XFCC, GOOD))).isEqualTo(BATCH);
    CallerEvidence onSidecarsAddress =
        ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + EVIL)
            .peerCertificates(requests.fromBatch().peerCertificates());
    assertThat(requests.name(onSidecarsAddress)).isEqualTo(BATCH);
    assertThat(requests.orders.callers().ignored(onSidecarsAddress)).hasSize(1);
  }

  @Test
  void case60TwoForwardingHeadersAreRefused() {
    String cert = field(leaf());
    refused(
        requests.fromGateway(XFCC, GOOD, CLIENT_CERT, cert),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers");
    refused(
        requests.fromNginx(CLIENT_CERT, cert, L5D, WEB),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers");
    refused(
        requests.fromGateway(XFCC, GOOD, CHAIN, cert),
        ForwardedRejection.MIXED_HEADERS,
        "remove the forwarding headers");
    refused(
        requests.fromGateway(CLIENT_CERT, cert),
        ForwardedRejection.NOT_FORWARDED,
        "the header that is configured for it");
  }

  /** A server of HTTP/2 hands out both fields, or joins them (RFC 9110 section 5.3). */
  @Test
  void case61AHeaderDoubledThroughHttp2IsRefusedUnlessTheLastHopsIsLast() {
    refused(
        requests.fromGateway(XFCC, BY + ";URI=" + EVIL, XFCC.toLowerCase(Locale.ROOT), GOOD),
        ForwardedRejection.SEVERAL_LINES,
        "replace the header");
    assertThat(requests.nameAppended(requests.fromGateway(XFCC, GOOD + ", " + GOOD)))
        .isEqualTo(WEB);
    String cert = field(leaf());
    refused(
        requests.fromNginx(CLIENT_CERT, cert + ", " + cert),
        ForwardedRejection.MALFORMED_FIELD,
        "between colons");
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
  void case62AHeaderNameWithAnUnderscoreIsRefused(String name) {
    refused(
        requests.fromGateway(XFCC, GOOD, name, BY + ";URI=" + EVIL),
        ForwardedRejection.LOOKALIKE_NAME,
        "names with '_'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"close, X-Forwarded-Client-Cert", "client-cert", " l5d-client-id ,a"})
  void case62AConnectionNominatedCopyIsRefused(String connection) {
    refused(
        requests.fromGateway(XFCC, GOOD, "Connection", connection),
        ForwardedRejection.NAMED_BY_CONNECTION,
        "remove Connection");
  }

  private static String xfcc(String cert, String chain) {
    return ";Cert=\"" + cert + "\";Chain=\"" + chain + "\"";
  }

  private X509Certificate leaf() {
    return requests.web.chain().get(0);
  }

  private void refused(CallerEvidence evidence, Reason reason, String remedy) {
    requests.refused(evidence, reason, remedy);
  }
}
