// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.mtls.pem.KeyPairs;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * What a certificate is asked for with: names, lifetime, and of what kind its key is.
 *
 * <pre>{@code
 * CertificateRequest.spiffe("spiffe://shop.example/ns/shop/sa/web").dns("web.shop")
 * }</pre>
 *
 * <p>Each method that takes a part returns a new value with that part. Immutable and thread-safe.
 */
public final class CertificateRequest {
  private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  /** Of what kind a key is. */
  public enum KeyKind {
    /** EC over P-256, the one to take. */
    EC_P256("EC", "secp256r1", 256),
    /** EC over P-384. */
    EC_P384("EC", "secp384r1", 384),
    /** RSA with 2048 bits, for authorities that sign no other. */
    RSA_2048("RSA", "", 2048),
    /** Ed25519 (RFC 8410), where all peers know it. */
    ED25519("Ed25519", "", 255);

    private final String algorithm;
    private final String curve;
    private final int bits;

    KeyKind(String algorithm, String curve, int bits) {
      this.algorithm = algorithm;
      this.curve = curve;
      this.bits = bits;
    }
  }

  private final X500Name subject;
  private final List<GeneralName> names;
  private final Duration lifetime;
  private final KeyKind keyKind;

  private CertificateRequest(
      X500Name subject, List<GeneralName> names, Duration lifetime, KeyKind keyKind) {
    this.subject = subject;
    this.names = List.copyOf(names);
    this.lifetime = lifetime;
    this.keyKind = keyKind;
  }

  /**
   * For a workload with a SPIFFE ID.
   *
   * @param id the whole ID
   * @return a request for an hour with a key over P-256
   */
  public static CertificateRequest spiffe(String id) {
    return of(new GeneralName(GeneralName.uniformResourceIdentifier, id));
  }

  /**
   * For a workload whose name is a DNS name.
   *
   * @param name a host name
   * @return a request for an hour with a key over P-256
   */
  public static CertificateRequest dnsName(String name) {
    return of(new GeneralName(GeneralName.dNSName, name));
  }

  /**
   * The same with one more DNS name.
   *
   * @param name a host name
   * @return a new request
   */
  public CertificateRequest dns(String name) {
    return and(new GeneralName(GeneralName.dNSName, name));
  }

  /**
   * The same with an IP address.
   *
   * @param address an IPv4 or IPv6 address
   * @return a new request
   * @throws IllegalArgumentException if it is no address
   */
  public CertificateRequest ip(String address) {
    return and(new GeneralName(GeneralName.iPAddress, address));
  }

  /**
   * The same with a subject, which some authorities demand.
   *
   * @param name for example {@code CN=web,O=Shop}
   * @return a new request
   * @throws IllegalArgumentException if it is no distinguished name
   */
  public CertificateRequest subject(String name) {
    return new CertificateRequest(new X500Name(name), names, lifetime, keyKind);
  }

  /**
   * The same with another lifetime.
   *
   * @param duration how long the certificate should be valid; the authority may have a limit
   * @return a new request
   * @throws IllegalArgumentException if it is zero or negative
   */
  public CertificateRequest lifetime(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("No certificate can be valid for " + duration);
    }
    return new CertificateRequest(subject, names, duration, keyKind);
  }

  /**
   * The same with a key of another kind.
   *
   * @param kind of what kind the key is
   * @return a new request
   */
  public CertificateRequest key(KeyKind kind) {
    return new CertificateRequest(subject, names, lifetime, Objects.requireNonNull(kind, "kind"));
  }

  /** Returns the names that are asked for. */
  @Override
  public String toString() {
    return String.join(", ", names.stream().map(name -> name.getName().toString()).toList());
  }

  Duration lifetime() {
    return lifetime;
  }

  KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyKind.algorithm);
      if (keyKind.curve.isEmpty()) {
        generator.initialize(keyKind.bits);
      } else {
        generator.initialize(new ECGenParameterSpec(keyKind.curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK makes keys of this kind: " + keyKind, e);
    }
  }

  /** The PKCS#10 request (RFC 2986) for this key, signed by it. */
  byte[] signedBy(KeyPair keys) {
    try {
      PKCS10CertificationRequestBuilder builder =
          new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic());
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(
          Extension.subjectAlternativeName,
          subject.getRDNs().length == 0,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      return builder
          .build(
              new JcaContentSignerBuilder(KeyPairs.signatureFor(keys.getPrivate()))
                  .build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("Every JDK signs with keys that it has made", e);
    }
  }

  private static CertificateRequest of(GeneralName name) {
    return new CertificateRequest(
        new X500Name(""), List.of(name), DEFAULT_LIFETIME, KeyKind.EC_P256);
  }

  private CertificateRequest and(GeneralName name) {
    var more = new ArrayList<>(names);
    more.add(name);
    return new CertificateRequest(subject, more, lifetime, keyKind);
  }
}
