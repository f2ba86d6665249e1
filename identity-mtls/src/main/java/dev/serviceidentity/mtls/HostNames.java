// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.spi.ForeignText;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
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
  /** The kind in {@link X509Certificate#getSubjectAlternativeNames}. */
  private static final Integer DNS_NAME = 2;

  private HostNames() {}

  static void check(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    if (socket instanceof SSLSocket tls && isAskedFor(tls.getSSLParameters())) {
      requireAlternativeName(chain[0], tls.getHandshakeSession());
      trusting(chain[0]).checkServerTrusted(chain, authType, socket);
    }
  }

  static void check(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    if (engine != null && isAskedFor(engine.getSSLParameters())) {
      requireAlternativeName(chain[0], engine.getHandshakeSession());
      trusting(chain[0]).checkServerTrusted(chain, authType, engine);
    }
  }

  /**
   * Where there is no DNS name, the JDK looks at the subject's common name, which no rule for names
   * of certificates is about (RFC 9525 section 6.4.4). For addresses it does not.
   */
  private static void requireAlternativeName(X509Certificate leaf, @Nullable SSLSession session)
      throws CertificateException {
    String host = session == null ? null : session.getPeerHost();
    boolean named =
        session instanceof ExtendedSSLSession asked && !asked.getRequestedServerNames().isEmpty();
    if (host == null) {
      throw new CertificateException(
          "There is no host name to check; make the connection with one");
    }
    if ((named || PeerAddress.literal(withoutBrackets(host)) == null) && !hasDnsName(leaf)) {
      throw new CertificateException(
          "The certificate of " + ForeignText.quote(host) + " has no DNS name");
    }
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** As the JDK reads it, since the JDK compares the names. */
  private static boolean hasDnsName(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    return names != null && names.stream().anyMatch(name -> DNS_NAME.equals(name.get(0)));
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
