// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority, the certificates of {@code shop/orders}, and clients of it. */
final class Shop {
  static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";
  static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  final DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
  private final Path files;

  Shop(Path files) {
    this.files = files;
    rotate();
  }

  /** Writes a new certificate for orders, which is the current one after a refresh. */
  X509Certificate rotate() {
    IssuedCertificate issued =
        ca.issue(LeafTemplate.spiffe(ORDERS).dns("localhost").ip("127.0.0.1"));
    issued.writeTo(files);
    return issued.chain().get(0);
  }

  MtlsIdentityBuilder orders() {
    return MtlsIdentity.builder().pemDirectory(files).trustDomain("shop.example");
  }

  static ServiceIdentity admittingAll(MtlsIdentity orders) {
    return ServiceIdentity.builder()
        .mechanism(orders)
        .trustIdentityAlone()
        .allowAnyAuthenticated()
        .open();
  }

  IssuedCertificate issue(String id) {
    return ca.issue(LeafTemplate.spiffe(id));
  }

  /** A client that proves an identity. */
  SSLContext client(String id) throws Exception {
    IssuedCertificate issued = issue(id);
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "own", issued.privateKey(), new char[0], issued.chain().toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    return context(keys);
  }

  /** A client without a certificate. */
  SSLContext anonymous() throws Exception {
    return context(null);
  }

  private SSLContext context(KeyManagerFactory keys) throws Exception {
    KeyStore authorities = emptyStore();
    authorities.setCertificateEntry("ca", ca.certificate());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
