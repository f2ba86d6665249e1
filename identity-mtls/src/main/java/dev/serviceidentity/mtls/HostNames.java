// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Honours {@link SSLParameters#setEndpointIdentificationAlgorithm}: TLS stacks leave that check to
 * an extended trust manager. The JDK's own one does it; it is told to trust exactly the leaf that
 * {@link PeerVerifier} has just accepted, so that nothing but the host name is left to decide.
 */
final class HostNames {
  private HostNames() {}

  static void check(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    if (socket instanceof SSLSocket tls && isAskedFor(tls.getSSLParameters())) {
      trusting(chain[0]).checkServerTrusted(chain, authType, socket);
    }
  }

  static void check(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    if (engine != null && isAskedFor(engine.getSSLParameters())) {
      trusting(chain[0]).checkServerTrusted(chain, authType, engine);
    }
  }

  private static boolean isAskedFor(SSLParameters parameters) {
    String algorithm = parameters.getEndpointIdentificationAlgorithm();
    return algorithm != null && !algorithm.isEmpty();
  }

  private static X509ExtendedTrustManager trusting(X509Certificate leaf) {
    try {
      var parameters = new PKIXBuilderParameters(Set.of(new TrustAnchor(leaf, null)), null);
      parameters.setRevocationEnabled(false);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has a PKIX trust manager", e);
    }
  }
}
