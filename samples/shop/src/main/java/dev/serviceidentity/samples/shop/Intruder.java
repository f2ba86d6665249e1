// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** Certificates that nobody should accept. */
final class Intruder {
  private static final String FOREIGN_DOMAIN = "elsewhere.example";
  private static final char[] NO_PASSWORD = new char[0];

  private final DevelopmentCa shopCa;

  Intruder(DevelopmentCa shopCa) {
    this.shopCa = shopCa;
  }

  /** The right path in a trust domain that the shop does not know. */
  KeyManager foreign(Member member) throws GeneralSecurityException, IOException {
    String id = member.spiffeId().replace(Member.TRUST_DOMAIN, FOREIGN_DOMAIN);
    return keys(
        DevelopmentCa.create(FOREIGN_DOMAIN, Clock.systemUTC()).issue(LeafTemplate.spiffe(id)));
  }

  /** The service's own name, by the shop's own authority, but of yesterday. */
  KeyManager expired(Member member) throws GeneralSecurityException, IOException {
    return keys(
        shopCa.issue(
            LeafTemplate.spiffe(member.spiffeId())
                .notBefore(Clock.systemUTC().instant().minus(Duration.ofDays(1)))
                .lifetime(Duration.ofHours(1))));
  }

  private static KeyManager keys(IssuedCertificate issued)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "intruder",
        issued.privateKey(),
        NO_PASSWORD,
        issued.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers()[0];
  }
}
