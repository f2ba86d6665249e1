// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.WEB;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static dev.serviceidentity.mtls.Refusals.OTHER_ROOT;
import static dev.serviceidentity.mtls.Refusals.ROOT;
import static dev.serviceidentity.mtls.Refusals.accepted;
import static dev.serviceidentity.mtls.Refusals.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.spi.ForeignText;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected of names, in the order and with the numbers of the module's design: cases 1
 * to 16, 63 and 64.
 */
class RejectionListNamesTest {
  /** Makes the JDK drop the whole name extension (17), or throw when asked for it (25). */
  private static final GeneralName UNREADABLE_MAIL = mail("x@");

  @TestFactory
  Stream<DynamicTest> whoIsNamed() {
    return Stream.of(
        refused(
            "1 wrong trust domain for the issuing bundle",
            UNTRUSTED_ISSUER,
            "no authority 'CN=root'",
            id("spiffe://b.example/web")),
        refused(
            "1 the other way round",
            UNTRUSTED_ISSUER,
            "no authority 'CN=other root'",
            leaf().signedBy(OTHER_ROOT).with()),
        refused(
            "1 a trust domain without bundle",
            UNKNOWN_TRUST_DOMAIN,
            "web is of a trust domain other than [",
            id("spiffe://elsewhere.example/web")),
        refused("2 two SPIFFE URI SANs", SEVERAL_URI_NAMES, "2 URI names", two(uri(WEB + "2"))),
        refused("2 one ID twice", SEVERAL_URI_NAMES, "2 URI names", two(uri(WEB))),
        refused(
            "3 spiffe and another URI SAN",
            SEVERAL_URI_NAMES,
            "2 URI names",
            two(uri("https://shop.example/"))),
        refused("4 no URI SAN", NO_URI_NAME, "no URI name", leaf().names(false, dns("a.b"))),
        refused(
            "4 no SAN at all",
            NO_URI_NAME,
            "no URI name",
            leaf().without(Extension.subjectAlternativeName)));
  }

  @TestFactory
  Stream<DynamicTest> spiffeIds() {
    String path = "a".repeat(2048 - "spiffe://shop.example/".length());
    String domain = "a".repeat(255);
    return Stream.of(
        badId("5 other scheme", ID_SCHEME, "https://shop.example/web"),
        badId("6 query", ID_QUERY, WEB + "?a=b"),
        badId("6 empty query", ID_QUERY, WEB + "?"),
        badId("7 fragment", ID_FRAGMENT, WEB + "#a"),
        badId("8 port", ID_PORT, "spiffe://shop.example:443/web"),
        badId("8 empty port", ID_PORT, "spiffe://shop.example:/web"),
        badId("9 userinfo", ID_USER_INFO, "spiffe://web@shop.example/web"),
        badId("10 uppercase trust domain", ID_TRUST_DOMAIN, "spiffe://Shop.example/w"),
        badId("10 empty trust domain", ID_TRUST_DOMAIN, "spiffe:///web"),
        badId("11 uppercase scheme", ID_SCHEME, "SPIFFE://shop.example/web"),
        badId("12 percent-encoding", ID_PERCENT_ENCODING, "spiffe://shop.example/%65"),
        badId("13 empty segment", ID_PATH_SEGMENT, "spiffe://shop.example/ns//web"),
        badId("13 dot", ID_PATH_SEGMENT, "spiffe://shop.example/./web"),
        badId("13 dot dot", ID_PATH_SEGMENT, "spiffe://shop.example/a/../b"),
        badId("13 trailing slash", ID_PATH_SEGMENT, "spiffe://shop.example/web/"),
        badId("13 a slash alone", ID_PATH_SEGMENT, "spiffe://shop.example/"),
        refused(
            "14 non-ASCII",
            ID_CHARACTERS,
            "example/\\u00c3\\u00a4'",
            rawUri("spiffe://shop.example/", "c3a4")),
        refused(
            "14 non-ASCII in the trust domain",
            ID_TRUST_DOMAIN,
            "spiffe://\\u00c3\\u00a4/w'",
            rawUri("spiffe://", "c3a42f77")),
        badId("14 space", ID_CHARACTERS, "spiffe://shop.example/w b"),
        badId("14 space in the trust domain", ID_TRUST_DOMAIN, "spiffe://shop example/w"),
        badId("14 NUL", ID_CHARACTERS, "spiffe://shop.example/web\u0000"),
        badId("14 NUL in the trust domain", ID_TRUST_DOMAIN, "spiffe://shop\u0000/w"),
        badId("15 trust domain > 255 bytes", ID_TOO_LONG, "spiffe://" + domain + "a/web"),
        goodId("15 trust domain of 255 bytes", domain, "/web"),
        badId("15 ID > 2048 bytes", ID_TOO_LONG, "spiffe://shop.example/" + path + "a"),
        goodId("15 ID of 2048 bytes", "shop.example", "/" + path),
        refused(
            "16 root path as leaf",
            ID_WITHOUT_PATH,
            "ID is spiffe://shop.example",
            id("spiffe://shop.example")));
  }

  @TestFactory
  Stream<DynamicTest> otherNames() {
    return Stream.of(
        refused(
            "63 SPIFFE text in a DNS SAN",
            NO_URI_NAME,
            "no URI name",
            leaf().names(false, dns(WEB))),
        refused(
            "63 SPIFFE text in an e-mail SAN",
            NO_URI_NAME,
            "no URI name",
            leaf().names(false, mail(WEB))),
        accepted("63 no harm to a good URI SAN", two(dns("spiffe://evil.example/x"))),
        accepted("63 no harm by an e-mail SAN", two(mail("spiffe://evil.example/x"))),
        accepted("63 no harm by what the JDK cannot read", two(UNREADABLE_MAIL)),
        refused(
            "64 cut-off SAN", NAME_MALFORMED, "longer than what holds it", rawName("3003860566")),
        refused("64 bytes after it", NAME_MALFORMED, "1 bytes follow", rawName("300386016100")),
        refused("64 no name in it", NAME_MALFORMED, "has no name", rawName("3000")),
        refused(
            "64 indefinite length",
            NAME_MALFORMED,
            "length is indefinite",
            rawName("3080860161" + "0000")),
        refused(
            "64 no known kind of name", NAME_MALFORMED, "no known kind", rawName("3003890161")));
  }

  private static DynamicTest badId(String name, CertificateRejection code, String id) {
    return refused(name, code, "The URI name is " + ForeignText.quote(id), id(id));
  }

  private static DynamicTest goodId(String name, String trustDomain, String path) {
    String id = "spiffe://" + trustDomain + path;
    return Refusals.accepted(
        name,
        id,
        Map.of(trustDomain, TrustBundle.of(trustDomain, ROOT.with())),
        id(id).signedBy(ROOT).with());
  }

  private static Draft id(String id) {
    return leaf().id(id);
  }

  private static Draft two(GeneralName second) {
    return leaf().names(false, uri(WEB), second);
  }

  private static GeneralName mail(String address) {
    return new GeneralName(GeneralName.rfc822Name, address);
  }

  private static Draft rawName(String hex) {
    return leaf().extension(Extension.subjectAlternativeName, false, HexFormat.of().parseHex(hex));
  }

  private static Draft rawUri(String start, String endInHex) {
    String uri = HexFormat.of().formatHex(start.getBytes(US_ASCII)) + endInHex;
    int length = uri.length() / 2;
    return rawName(String.format("30%02x86%02x%s", length + 2, length, uri));
  }
}
