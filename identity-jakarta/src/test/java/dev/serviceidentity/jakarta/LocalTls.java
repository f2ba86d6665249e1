// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS by a certificate for 127.0.0.1, and clients that trust it. */
record LocalTls(KeyManager[] keys, TrustManager[] trust) {
  static LocalTls create() throws GeneralSecurityException, IOException {
    IssuedCertificate issued =
        DevelopmentCa.create("shop.example", Clock.systemUTC())
            .issue(LeafTemplate.spiffe("spiffe://shop.example/ns/shop/sa/orders").ip("127.0.0.1"));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", issued.privateKey(), new char[0], issued.chain().toArray(new X509Certificate[0]));
    store.setCertificateEntry("ca", issued.authorities().get(0));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return new LocalTls(keys.getKeyManagers(), trust.getTrustManagers());
  }

  SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }
}
