// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.MalformedDerException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/** Certificates and keys in DER, without PEM around them. Keys are made by the JDK. */
public final class BareDer {
  private BareDer() {}

  /**
   * Certificates one behind the other, and nothing else. They are taken apart here, as the JDK
   * would take PEM and PKCS#7 too.
   *
   * @throws MalformedDerException if something is not an X.509 certificate
   */
  public static List<X509Certificate> certificates(byte[] der) throws MalformedDerException {
    var certificates = new ArrayList<X509Certificate>();
    var all = new DerReader(der);
    while (all.hasMore()) {
      certificates.add(certificate(all.element(DerReader.SEQUENCE)));
    }
    return List.copyOf(certificates);
  }

  /**
   * A key in PKCS#8 (RFC 5958), not encrypted.
   *
   * @throws NoSuchAlgorithmException if it is neither EC nor RSA nor Ed25519
   * @throws GeneralSecurityException if it is no such key; the message may quote it
   * @throws MalformedDerException if it is no PKCS#8
   */
  public static PrivateKey key(byte[] pkcs8)
      throws GeneralSecurityException, MalformedDerException {
    return KeyFactory.getInstance(algorithm(pkcs8)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static X509Certificate certificate(byte[] der) throws MalformedDerException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new MalformedDerException("an element is not an X.509 certificate");
    }
  }

  /** By the algorithm's object identifier in the PrivateKeyInfo. */
  private static String algorithm(byte[] pkcs8)
      throws NoSuchAlgorithmException, MalformedDerException {
    DerReader info = new DerReader(pkcs8).enter(DerReader.SEQUENCE);
    info.enter(DerReader.INTEGER);
    return switch (info.enter(DerReader.SEQUENCE).hex(DerReader.OBJECT_IDENTIFIER)) {
      case "2a8648ce3d0201" -> "EC";
      case "2a864886f70d010101" -> "RSA";
      case "2b6570" -> "Ed25519";
      default -> throw new NoSuchAlgorithmException("None of EC, RSA and Ed25519");
    };
  }
}
