// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.CertificateIssuer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one trust domain that lives and dies with the process. Development
 * only: it asks nobody for proof, keeps its key in memory and issues whatever it is told to.
 *
 * <pre>{@code
 * DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
 * ca.issue(LeafTemplate.spiffe("spiffe://shop.example/ns/shop/sa/web")).writeTo(directory);
 * }</pre>
 *
 * <p>It is an issuer, too, for {@code IssuedIdentity}: in this process, or for others by {@link
 * IssuingEndpoint}. All keys that it makes are EC P-256. Thread-safe.
 */
public final class DevelopmentCa implements CertificateIssuer {
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final int SERIAL_BITS = 127;

  private final Clock clock;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private DevelopmentCa(Clock clock, KeyPair keys, X509Certificate certificate) {
    this.clock = clock;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes an authority with a new key, valid for 30 days.
   *
   * @param trustDomain the SPIFFE trust domain that its certificate names
   * @param clock when certificates begin, unless their template says otherwise
   * @return the authority
   */
  public static DevelopmentCa create(String trustDomain, Clock clock) {
    Objects.requireNonNull(trustDomain, "trustDomain");
    Instant now = clock.instant();
    KeyPair keys = newKeys();
    var name = new X500Name("CN=Development CA " + serial().toString(16) + ",O=Development only");
    var id = new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://" + trustDomain);
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  name,
                  serial(),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(LIFETIME)),
                  name,
                  keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(id));
      return new DevelopmentCa(clock, keys, sign(builder, keys.getPublic(), keys));
    } catch (CertIOException e) {
      throw new IllegalArgumentException("A certificate cannot be made of this", e);
    }
  }

  /**
   * The authority's own certificate, which peers must trust.
   *
   * @return a root
   */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a certificate with a new key.
   *
   * @param template names and validity
   * @return the certificate with its key, trusting this authority
   */
  public IssuedCertificate issue(LeafTemplate template) {
    Instant now = clock.instant();
    KeyPair leaf = newKeys();
    var names = new GeneralNames(template.names().toArray(GeneralName[]::new));
    return new IssuedCertificate(
        List.of(leaf(template.begin(now), template.end(now), names, leaf.getPublic())),
        leaf.getPrivate(),
        List.of(certificate));
  }

  /**
   * Issues whatever names are asked for, to whoever asks.
   *
   * @throws IdentityException with code {@code REFUSED} if it is no good request
   */
  @Override
  public Issued issue(byte[] request, Duration lifetime) {
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LIFETIME) > 0) {
      throw new IdentityException(
          REFUSED, "A certificate cannot be valid for " + lifetime + "; ask for at most 30 days");
    }
    SigningRequest asked = SigningRequest.parse(request);
    Instant now = clock.instant();
    return new Issued(
        List.of(
            leaf(
                now.minus(LeafTemplate.BACKDATED), now.plus(lifetime), asked.names(), asked.key())),
        List.of(certificate));
  }

  private X509Certificate leaf(Instant begin, Instant end, GeneralNames names, PublicKey key) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  certificate,
                  serial(),
                  Date.from(begin),
                  Date.from(end),
                  new X500Name("O=Development only"),
                  key)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                      }))
              .addExtension(Extension.subjectAlternativeName, false, names);
      return sign(builder, key, keys);
    } catch (CertIOException e) {
      throw new IllegalArgumentException("A certificate cannot be made of this", e);
    }
  }

  /** Adds both key identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2) and signs. */
  private static X509Certificate sign(
      X509v3CertificateBuilder builder, PublicKey subject, KeyPair issuer) {
    try {
      var identifiers = new JcaX509ExtensionUtils();
      builder
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(subject))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(issuer.getPublic()));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("Every JDK signs with EC P-256", e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has EC P-256", e);
    }
  }

  /** Positive and not guessable (RFC 5280 section 4.1.2.2). */
  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS);
  }
}
