// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.WEB;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static dev.serviceidentity.mtls.Refusals.OTHER_ROOT;
import static dev.serviceidentity.mtls.Refusals.accepted;
import static dev.serviceidentity.mtls.Refusals.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected of names, in the order and with the numbers of the module's design: cases 1
 * to 16, 63 and 64.
 */
class RejectedNamesTest {
  /** Makes the JDK drop the whole name extension (17), or throw when asked for it (25). */
  private static final GeneralName UNREADABLE_MAIL = mail("x@");

  @TestFactory
  Stream<DynamicTest> whoIsNamed() {
    return Stream.of(
        refused(
            "1 wrong trust domain for the issuing bundle",
            UNTRUSTED_ISSUER,
            "Add the peer's authority",
            id("spiffe://b.example/web")),
        refused(
            "1 the other way round",
            UNTRUSTED_ISSUER,
            "Add the peer's authority",
            leaf().signedBy(OTHER_ROOT).with()),
        refused(
            "1 a trust domain without bundle",
            UNKNOWN_TRUST_DOMAIN,
            "which trust domain",
            id("spiffe://elsewhere.example/web")),
        refused("2 two SPIFFE URI SANs", SEVERAL_URI_NAMES, "exactly one", two(uri(WEB + "2"))),
        refused("2 one ID twice", SEVERAL_URI_NAMES, "exactly one", two(uri(WEB))),
        refused(
            "3 spiffe and another URI SAN",
            SEVERAL_URI_NAMES,
            "exactly one",
            two(uri("https://shop.example/"))),
        refused("4 no URI SAN", NO_URI_NAME, "with a SPIFFE ID", leaf().names(false, dns("a.b"))),
        refused(
            "4 no SAN at all",
            NO_URI_NAME,
            "with a SPIFFE ID",
            leaf().without(Extension.subjectAlternativeName)));
  }

  @TestFactory
  Stream<DynamicTest> spiffeIds() {
    String longest = "spiffe://shop.example/" + "a".repeat(2026);
    return Stream.of(
        refused("5 other scheme", ID_SCHEME, "spiffe://trust", id("https://shop.example/web")),
        refused("6 query", ID_QUERY, "Remove '?'", id(WEB + "?a=b")),
        refused("6 empty query", ID_QUERY, "Remove '?'", id(WEB + "?")),
        refused("7 fragment", ID_FRAGMENT, "Remove '#'", id(WEB + "#a")),
        refused("8 port", ID_PORT, "Remove the port", id("spiffe://shop.example:443/web")),
        refused("8 empty port", ID_PORT, "Remove the port", id("spiffe://shop.example:/web")),
        refused("9 userinfo", ID_USER_INFO, "before '@'", id("spiffe://web@shop.example/web")),
        refused("10 uppercase trust domain", ID_TRUST_DOMAIN, "a-z", id("spiffe://Shop.example/w")),
        refused("10 empty trust domain", ID_TRUST_DOMAIN, "a-z", id("spiffe:///web")),
        refused("11 uppercase scheme", ID_SCHEME, "spiffe://", id("SPIFFE://shop.example/web")),
        refused("12 percent-encoding", ID_PERCENT_ENCODING, "'%'", id("spiffe://shop.example/%65")),
        refused("13 empty segment", ID_PATH_SEGMENT, "empty", id("spiffe://shop.example/ns//web")),
        refused("13 dot", ID_PATH_SEGMENT, "dot segments", id("spiffe://shop.example/./web")),
        refused("13 dot dot", ID_PATH_SEGMENT, "dot segments", id("spiffe://shop.example/a/../b")),
        refused("13 trailing slash", ID_PATH_SEGMENT, "trailing", id("spiffe://shop.example/web/")),
        refused("13 a slash alone", ID_PATH_SEGMENT, "trailing", id("spiffe://shop.example/")),
        refused("14 non-ASCII", ID_CHARACTERS, "letters", rawUri("spiffe://shop.example/", "c3a4")),
        refused("14 space", ID_CHARACTERS, "letters", id("spiffe://shop.example/w b")),
        refused("14 NUL", ID_CHARACTERS, "letters", id("spiffe://shop.example/web\u0000")),
        refused("14 NUL in the trust domain", ID_TRUST_DOMAIN, "a-z", id("spiffe://shop\u0000/w")),
        refused(
            "15 trust domain > 255 bytes",
            ID_TOO_LONG,
            "Shorten",
            id("spiffe://" + "a".repeat(256) + "/web")),
        refused("15 ID > 2048 bytes", ID_TOO_LONG, "Shorten", id(longest + "a")),
        refused(
            "16 root path as leaf", ID_WITHOUT_PATH, "with a path", id("spiffe://shop.example")));
  }

  @TestFactory
  Stream<DynamicTest> otherNames() {
    return Stream.of(
        refused(
            "63 SPIFFE text in a DNS SAN",
            NO_URI_NAME,
            "with a SPIFFE ID",
            leaf().names(false, dns(WEB))),
        refused(
            "63 SPIFFE text in an e-mail SAN",
            NO_URI_NAME,
            "with a SPIFFE ID",
            leaf().names(false, mail(WEB))),
        accepted("63 no harm to a good URI SAN", two(dns("spiffe://evil.example/x"))),
        accepted("63 no harm by an e-mail SAN", two(mail("spiffe://evil.example/x"))),
        accepted("63 no harm by what the JDK cannot read", two(UNREADABLE_MAIL)),
        refused("64 cut-off SAN", NAME_MALFORMED, "issued again", rawName("3003860566")),
        refused("64 bytes after it", NAME_MALFORMED, "issued again", rawName("300386016100")),
        refused("64 no name in it", NAME_MALFORMED, "issued again", rawName("3000")),
        refused("64 indefinite length", NAME_MALFORMED, "issued", rawName("3080860161" + "0000")),
        refused("64 no known kind of name", NAME_MALFORMED, "issued", rawName("3003890161")));
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
