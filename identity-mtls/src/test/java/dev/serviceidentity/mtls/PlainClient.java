// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Contexts of clients of the JDK alone, which show whatever they are given and trust everybody. */
final class PlainClient {
  private PlainClient() {}

  static SSLContext anonymous() throws Exception {
    return of(null, new TrustManager[] {new TrustingEverybody()});
  }

  static SSLContext showing(IssuedCertificate certificate) throws Exception {
    return showing(certificate.chain(), certificate.privateKey());
  }

  static SSLContext showing(List<X509Certificate> chain, PrivateKey key) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("x", key, new char[0], chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return of(factory.getKeyManagers(), new TrustManager[] {new TrustingEverybody()});
  }

  /** Shows a leaf that no key store would take. */
  static SSLContext showing(X509Certificate leaf, PrivateKey key) throws Exception {
    return of(
        new KeyManager[] {new ShowingAnything(leaf, key)},
        new TrustManager[] {new TrustingEverybody()});
  }

  static SSLContext of(KeyManager[] keys, TrustManager[] trust) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }

  private static final class ShowingAnything extends X509ExtendedKeyManager {
    private final X509Certificate leaf;
    private final PrivateKey key;

    ShowingAnything(X509Certificate leaf, PrivateKey key) {
      this.leaf = leaf;
      this.key = key;
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
      return "x";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {leaf};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"x"};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  private static final class TrustingEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
