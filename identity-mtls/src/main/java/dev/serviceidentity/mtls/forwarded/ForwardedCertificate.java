// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.CERTIFICATE_UNREADABLE;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.CHAIN_DIFFERS;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.HASH_DIFFERS;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.NAMES_DIFFER;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.mtls.pem.MalformedPemException;
import dev.serviceidentity.mtls.pem.PemBlock;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.Sha256;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate that a proxy passed on, held against what it says beside it. */
final class ForwardedCertificate {
  private ForwardedCertificate() {}

  /** The chain that an element tells, empty if it tells none; leaf and chain must be one. */
  static List<X509Certificate> chain(ForwardedElement element) throws RefusedHeaderException {
    List<X509Certificate> leaf = pem(element.certificate());
    List<X509Certificate> chain = pem(element.chain());
    require(leaf.size() <= 1, CERTIFICATE_UNREADABLE, "Cert holds several certificates");
    require(
        leaf.isEmpty() || chain.isEmpty() || leaf.get(0).equals(chain.get(0)),
        CHAIN_DIFFERS,
        "Chain begins with another certificate than Cert");
    List<X509Certificate> told = chain.isEmpty() ? leaf : chain;
    if (!told.isEmpty()) {
      agree(told.get(0), element);
    }
    return told;
  }

  /** The JDK reads PEM too, and lets bytes stand behind the certificate. */
  static X509Certificate ofDer(byte[] der) throws RefusedHeaderException {
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (Arrays.equals(certificate.getEncoded(), der)) {
        return certificate;
      }
      throw new RefusedHeaderException(
          CERTIFICATE_UNREADABLE, "There is more or other than one certificate's DER");
    } catch (CertificateException notOne) {
      throw new RefusedHeaderException(CERTIFICATE_UNREADABLE, "There is no X.509 certificate");
    }
  }

  private static List<X509Certificate> pem(@Nullable String encoded) throws RefusedHeaderException {
    if (encoded == null) {
      return List.of();
    }
    var certificates = new ArrayList<X509Certificate>();
    try {
      for (PemBlock block : PemBlock.parse(HeaderText.decodedPem(encoded))) {
        require(
            block.label().equals("CERTIFICATE"),
            CERTIFICATE_UNREADABLE,
            "There is a " + ForeignText.quote(block.label()));
        certificates.add(ofDer(block.der()));
      }
    } catch (MalformedPemException e) {
      throw new RefusedHeaderException(
          CERTIFICATE_UNREADABLE, "There is no PEM: " + e.getMessage());
    }
    require(!certificates.isEmpty(), CERTIFICATE_UNREADABLE, "There is no PEM certificate");
    return certificates;
  }

  private static void agree(X509Certificate leaf, ForwardedElement element)
      throws RefusedHeaderException {
    require(
        element.hash() == null || element.hash().equalsIgnoreCase(sha256(leaf)),
        HASH_DIFFERS,
        "Hash is " + element.hash() + ", the certificate's is " + sha256(leaf));
    SubjectNames names = names(leaf);
    agree("URI", element.uris(), names.uris());
    agree("DNS", element.dnsNames(), names.dnsNames());
  }

  private static void agree(String kind, List<String> told, List<String> certified)
      throws RefusedHeaderException {
    require(
        told.isEmpty() || told.equals(certified),
        NAMES_DIFFER,
        kind + " is " + ForeignText.quote(told.toString()) + " beside a certificate of others");
  }

  /** As a direct peer's are read: the JDK drops an extension with a name that it cannot parse. */
  private static SubjectNames names(X509Certificate leaf) throws RefusedHeaderException {
    try {
      return SubjectNames.of(leaf);
    } catch (MalformedDerException malformed) {
      throw new RefusedHeaderException(
          CERTIFICATE_UNREADABLE, "Its names are malformed: " + malformed.getMessage());
    }
  }

  private static String sha256(X509Certificate certificate) throws RefusedHeaderException {
    try {
      return Sha256.hex(certificate.getEncoded());
    } catch (CertificateException e) {
      throw new RefusedHeaderException(CERTIFICATE_UNREADABLE, "It has no encoding");
    }
  }
}
