// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.WEB;
import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static dev.serviceidentity.mtls.Refusals.ROOT;
import static dev.serviceidentity.mtls.Refusals.TRUST;
import static dev.serviceidentity.mtls.Refusals.accepted;
import static dev.serviceidentity.mtls.Refusals.refused;
import static dev.serviceidentity.mtls.Refusals.trusting;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected of chains and anchors, in the order and with the numbers of the module's
 * design: cases 22 to 29, 33 to 36 and 65.
 */
class RejectionListChainsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant SOON = NOW.plusSeconds(1);
  private static final ASN1ObjectIdentifier PRIVATE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

  /** Makes the JDK drop the whole name extension (17), or throw when asked for it (25). */
  private static final GeneralName UNREADABLE_MAIL = new GeneralName(GeneralName.rfc822Name, "x@");

  @TestFactory
  Stream<DynamicTest> intermediates() {
    Forged old = authority("old").validity(NOW.minus(DAY), NOW).signedBy(ROOT);
    Forged ending = authority("ending").validity(NOW.minus(DAY), SOON).signedBy(ROOT);
    Forged early = authority("early").validity(SOON, NOW.plus(DAY)).signedBy(ROOT);
    Forged beginning = authority("beginning").validity(NOW, NOW.plus(DAY)).signedBy(ROOT);
    Forged shortest = authority("short").pathLength(0).signedBy(ROOT);
    Forged below = authority("below").signedBy(shortest);
    Forged notCa = authority("not ca").ca(false).signedBy(ROOT);
    Forged noSign = authority("no sign").keyUsage(true, KeyUsage.digitalSignature).signedBy(ROOT);
    Forged path = authority("path").id("spiffe://shop.example/ca").signedBy(ROOT);
    Forged foreign = authority("foreign").id("spiffe://b.example").signedBy(ROOT);
    Forged good = authority("good").id("spiffe://shop.example").signedBy(ROOT);
    return Stream.of(
        refused(
            "22 expired intermediate",
            SIGNER_NOT_VALID_NOW,
            "'CN=old' is not valid at 2026-03-01T12:00:00Z",
            below(old)),
        accepted("22 an intermediate that ends in a second", TRUST, below(ending)),
        refused(
            "23 intermediate not yet valid",
            SIGNER_NOT_VALID_NOW,
            "'CN=early' is not valid at 2026-03-01T12:00:00Z",
            below(early)),
        accepted("23 an intermediate from this second", TRUST, below(beginning)),
        refused("24 pathLen", PATH_LENGTH, "Path validation says: ", below(below, shortest)),
        accepted("24 pathLen 0 with no authority below", TRUST, below(shortest)),
        refused(
            "25 intermediate not a CA",
            SIGNER_NOT_CA,
            "'CN=not ca' is not an authority",
            below(notCa)),
        refused(
            "25 without keyCertSign",
            SIGNER_KEY_USAGE,
            "'CN=no sign' lacks keyCertSign",
            below(noSign)),
        refused(
            "27 signing certificate with a path",
            SIGNER_HAS_PATH,
            "spiffe://shop.example/ca",
            below(path)),
        refused(
            "28 intermediate of another trust domain",
            SIGNER_OF_OTHER_DOMAIN,
            "ID is spiffe://b.example, the leaf's spiffe://shop.example/",
            below(foreign)),
        accepted("28 intermediate of the same trust domain", TRUST, below(good)));
  }

  @TestFactory
  Stream<DynamicTest> nameConstraints() {
    Forged excluding = constrained(null, subtree("shop.example"));
    Forged permitting = constrained(subtree("elsewhere.example"), null);
    Forged mine = constrained(subtree("shop.example"), null);
    Forged other = constrained(null, subtree("elsewhere.example"));
    Draft hiding = leaf().names(false, uri(WEB), UNREADABLE_MAIL);
    Draft noHost = leaf().id("spiffe://my_domain/web");
    return Stream.of(
        refused("26 excluded URI", NAME_CONSTRAINTS, "Path validation says: ", below(excluding)),
        refused(
            "26 not a permitted URI",
            NAME_CONSTRAINTS,
            "Path validation says: ",
            below(permitting)),
        accepted("26 a permitted URI", TRUST, below(mine)),
        refused(
            "26 a name that hides from the constraints",
            NAME_CONSTRAINTS,
            "cannot be held against",
            hiding.signedBy(excluding).with(excluding)),
        // An underscore is good in a trust domain, and none in a host name: the JDK stumbles.
        refused(
            "26 a trust domain that is no host name cannot be constrained",
            NAME_CONSTRAINTS,
            "cannot be held against",
            Map.of("my_domain", TrustBundle.of("my_domain", ROOT.with())),
            noHost.signedBy(other).with(other)));
  }

  @TestFactory
  Stream<DynamicTest> algorithms() {
    Forged weak = rsa("weak", 1024).signedBy(ROOT);
    Forged good = rsa("good", 2048).signedBy(ROOT);
    Forged below = authority("below").signature("SHA256withRSA").signedBy(good);
    Forged hashed = authority("hashed").signature("SHA1withECDSA").signedBy(ROOT);
    Forged weakRoot = rsa("weak root", 1024).signature("SHA256withRSA").selfSigned();
    Forged goodRoot = rsa("good root", 2048).signature("SHA256withRSA").selfSigned();
    Draft byRsa = leaf().signature("SHA256withRSA");
    return Stream.of(
        refused("29 RSA-1024 intermediate", WEAK_KEY, "is RSA", byRsa.signedBy(weak).with(weak)),
        accepted("29 RSA-2048 intermediate", TRUST, byRsa.signedBy(good).with(good)),
        accepted("29 EC below an RSA-2048 intermediate", TRUST, below(below, good)),
        refused("29 SHA-1 of an intermediate", WEAK_SIGNATURE, "SHA1withECDSA", below(hashed)),
        refused(
            "29 RSA-1024 anchor",
            WEAK_KEY,
            "is RSA",
            trusting(weakRoot),
            byRsa.signedBy(weakRoot).with()),
        accepted("29 RSA-2048 anchor", trusting(goodRoot), byRsa.signedBy(goodRoot).with()));
  }

  @TestFactory
  Stream<DynamicTest> chains() {
    Forged good = authority("good").signedBy(ROOT);
    Draft large = leaf().extension(PRIVATE, false, new byte[65 * 1024]);
    return Stream.of(
        refused("33 chain > 10", CHAIN_TOO_LONG, "has 11 certificates", deep(11)),
        accepted("33 chain of 10", TRUST, deep(10)),
        refused("33 chain > 64 KiB", CHAIN_TOO_LARGE, "The chain has 66", large),
        refused(
            "33 duplicates",
            CHAIN_REPEATS,
            "the same certificate twice",
            leaf().signedBy(good).with(good, good)),
        refused(
            "33 unrelated certificates",
            CHAIN_UNRELATED,
            "Certificate 2 of the chain is not the issuer",
            leaf().signedBy(ROOT).with(good)),
        refused(
            "33 an intermediate is missing",
            UNTRUSTED_ISSUER,
            "no authority 'CN=good'",
            leaf().signedBy(good).with()),
        accepted("33 the root sent too", TRUST, leaf().signedBy(ROOT).with(ROOT)));
  }

  @TestFactory
  Stream<DynamicTest> anchors() {
    Forged expired = authority("old root").validity(NOW.minus(DAY), NOW).selfSigned();
    Forged ending = authority("ending root").validity(NOW.minus(DAY), SOON).selfSigned();
    Forged early = authority("early root").validity(SOON, NOW.plus(DAY)).selfSigned();
    Forged beginning = authority("new root").validity(NOW, NOW.plus(DAY)).selfSigned();
    Forged pinned = leaf().signedBy(ROOT);
    Forged path = authority("path root").id("spiffe://shop.example/ca").selfSigned();
    Forged noUsage = authority("no usage").without(Extension.keyUsage).signedBy(ROOT);
    Map<String, TrustBundle> listed =
        Map.of("shop.example", TrustBundle.of("shop.example", pinned.with(ROOT)));
    return Stream.of(
        refused(
            "34 expired anchor",
            ANCHOR_EXPIRED,
            "'CN=old root' is not valid at 2026-03-01T12:00:00Z",
            trusting(expired),
            issued(expired)),
        accepted("34 an anchor that ends in a second", trusting(ending), issued(ending)),
        refused(
            "34 anchor not yet valid",
            ANCHOR_EXPIRED,
            "'CN=early root' is not valid at 2026-03-01T12:00:00Z",
            trusting(early),
            issued(early)),
        accepted("34 an anchor from this second", trusting(beginning), issued(beginning)),
        refused(
            "35 leaf pinned as anchor",
            LEAF_IS_ANCHOR,
            "listed as an authority",
            trusting(pinned),
            pinned.with()),
        refused("36 self-signed", SELF_SIGNED, "no authority 'CN=web'", leaf().selfSigned().with()),
        refused(
            "36 signed by an authority of the same name",
            SIGNATURE_INVALID,
            "Path validation says: ",
            issued(authority("root").selfSigned())),
        refused(
            "65 CA without key usage",
            SIGNER_KEY_USAGE,
            "'CN=no usage' has no key usage",
            below(noUsage)),
        refused(
            "65 CA with a path",
            SIGNER_HAS_PATH,
            "spiffe://shop.example/ca",
            trusting(path),
            issued(path)),
        refused(
            "65 leaf listed in the bundle",
            LEAF_IS_ANCHOR,
            "listed as an authority",
            listed,
            pinned.with()));
  }

  private static Draft rsa(String name, int bits) {
    return authority(name).keys(Draft.keys("RSA", bits));
  }

  private static List<X509Certificate> issued(Forged anchor) {
    return leaf().signedBy(anchor).with();
  }

  private static List<X509Certificate> below(Forged... issuers) {
    return leaf().signedBy(issuers[0]).with(issuers);
  }

  private static Forged constrained(GeneralSubtree permitted, GeneralSubtree excluded) {
    var constraints =
        new NameConstraints(
            permitted == null ? null : new GeneralSubtree[] {permitted},
            excluded == null ? null : new GeneralSubtree[] {excluded});
    return authority("constrained")
        .extension(Extension.nameConstraints, true, Draft.encoded(constraints))
        .signedBy(ROOT);
  }

  private static GeneralSubtree subtree(String host) {
    return new GeneralSubtree(uri(host));
  }

  /** A leaf and the authorities above it, so many certificates. */
  private static List<X509Certificate> deep(int certificates) {
    Forged issuer = ROOT;
    var chain = new ArrayList<X509Certificate>();
    for (int i = 1; i < certificates; i++) {
      issuer = authority("authority " + i).signedBy(issuer);
      chain.add(0, issuer.certificate());
    }
    chain.add(0, leaf().signedBy(issuer).certificate());
    return chain;
  }
}
