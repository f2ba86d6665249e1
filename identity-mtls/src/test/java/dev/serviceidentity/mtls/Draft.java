// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate before it is signed, good or bad; nothing is checked. Changed in place. */
final class Draft {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  /** The tag of the extensions (RFC 5280 section 4.1). */
  private static final int EXTENSIONS = 3;

  private final Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();
  private final List<Extension> repeated = new ArrayList<>();
  private String subject;
  private BigInteger serial = BigInteger.valueOf(4711);
  private Instant notBefore = NOW.minus(Duration.ofHours(1));
  private Instant notAfter = NOW.plus(Duration.ofHours(1));
  private KeyPair keys = ec("secp256r1");
  private String signature = "SHA256withECDSA";

  private Draft(String subject) {
    this.subject = subject;
  }

  /** A good X.509-SVID. */
  static Draft leaf() {
    return new Draft("CN=web")
        .names(false, uri(WEB))
        .keyUsage(true, KeyUsage.digitalSignature)
        .ca(false);
  }

  /** A good authority. */
  static Draft authority(String name) {
    Draft draft = new Draft("CN=" + name).keyUsage(true, KeyUsage.keyCertSign).ca(true);
    draft.notAfter = NOW.plus(Duration.ofDays(30));
    return draft;
  }

  static GeneralName uri(String text) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, text);
  }

  static GeneralName dns(String text) {
    return new GeneralName(GeneralName.dNSName, text);
  }

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair keys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Draft subject(String name) {
    subject = name;
    return this;
  }

  Draft serial(long number) {
    serial = BigInteger.valueOf(number);
    return this;
  }

  Draft validity(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  Draft keys(KeyPair pair) {
    keys = pair;
    return this;
  }

  /** The algorithm with which the issuer signs this. */
  Draft signature(String algorithm) {
    signature = algorithm;
    return this;
  }

  Draft id(String spiffeId) {
    return names(false, uri(spiffeId));
  }

  Draft names(boolean critical, GeneralName... names) {
    return extension(Extension.subjectAlternativeName, critical, encoded(new GeneralNames(names)));
  }

  Draft keyUsage(boolean critical, int bits) {
    return extension(Extension.keyUsage, critical, encoded(new KeyUsage(bits)));
  }

  Draft purposes(KeyPurposeId... purposes) {
    return extension(Extension.extendedKeyUsage, false, encoded(new ExtendedKeyUsage(purposes)));
  }

  Draft ca(boolean isCa) {
    return extension(Extension.basicConstraints, true, encoded(new BasicConstraints(isCa)));
  }

  Draft pathLength(int most) {
    return extension(Extension.basicConstraints, true, encoded(new BasicConstraints(most)));
  }

  Draft extension(ASN1ObjectIdentifier id, boolean critical, byte[] value) {
    extensions.put(id, new Extension(id, critical, value));
    return this;
  }

  /** One more of an extension that is there, which RFC 5280 section 4.2 forbids. */
  Draft again(ASN1ObjectIdentifier id, byte[] value) {
    repeated.add(new Extension(id, false, value));
    return this;
  }

  Draft without(ASN1ObjectIdentifier id) {
    extensions.remove(id);
    return this;
  }

  Forged selfSigned() {
    return new Forged(read(sign(subject, keys)), keys);
  }

  Forged signedBy(Forged issuer) {
    return new Forged(read(derSignedBy(issuer)), keys);
  }

  byte[] derSignedBy(Forged issuer) {
    return sign(issuer.certificate().getSubjectX500Principal().getName(), issuer.keys());
  }

  /** The same without any extension, as X.509 version 1. */
  Forged version1SignedBy(Forged issuer) {
    var builder =
        new X509v1CertificateBuilder(
            new X500Name(issuer.certificate().getSubjectX500Principal().getName()),
            serial,
            Date.from(notBefore),
            Date.from(notAfter),
            new X500Name(subject),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    return new Forged(read(encoded(builder.build(signer(issuer.keys())))), keys);
  }

  static byte[] encoded(org.bouncycastle.util.Encodable value) {
    try {
      return value.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate read(byte[] der) {
    try {
      return read(der, CertificateFactory.getInstance("X.509"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate read(byte[] der, CertificateFactory factory) {
    try {
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getEncoder().encodeToString(der));
  }

  private byte[] sign(String issuer, KeyPair issuerKeys) {
    var builder =
        new X509v3CertificateBuilder(
            new X500Name(issuer),
            serial,
            Date.from(notBefore),
            Date.from(notAfter),
            new X500Name(subject),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    ContentSigner signer = signer(issuerKeys);
    try {
      return signed(builder.build(signer), signer);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No builder takes an extension twice. */
  private byte[] signed(X509CertificateHolder bare, ContentSigner signer) throws IOException {
    var fields = new ASN1EncodableVector();
    ASN1Sequence.getInstance(bare.toASN1Structure().getTBSCertificate().getEncoded())
        .forEach(fields::add);
    var all = new ASN1EncodableVector();
    extensions.values().forEach(all::add);
    repeated.forEach(all::add);
    fields.add(new DERTaggedObject(true, EXTENSIONS, new DERSequence(all)));
    var toBeSigned = new DERSequence(fields);
    try (OutputStream out = signer.getOutputStream()) {
      out.write(toBeSigned.getEncoded());
    }
    return new DERSequence(
            new ASN1Encodable[] {
              toBeSigned, signer.getAlgorithmIdentifier(), new DERBitString(signer.getSignature())
            })
        .getEncoded();
  }

  private ContentSigner signer(KeyPair issuerKeys) {
    try {
      return new JcaContentSignerBuilder(signature)
          .setProvider(new BouncyCastleProvider())
          .build(issuerKeys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A signed certificate and its keys. */
  record Forged(X509Certificate certificate, KeyPair keys) {
    /** This certificate as a chain with those that issued it. */
    List<X509Certificate> with(Forged... issuers) {
      var chain = new ArrayList<>(List.of(certificate));
      for (Forged issuer : issuers) {
        chain.add(issuer.certificate());
      }
      return chain;
    }
  }
}
