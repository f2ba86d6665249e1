// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration decides about connections, whatever the generation.
 *
 * @param needClient whether a server insists on a client certificate
 * @param checkHost whether a client checks the host name unless it says otherwise
 * @param sessionAge how old a context, and so a session that is resumed, can be
 * @param provider of the contexts; null for the JVM's first
 */
record TlsSettings(
    boolean needClient, boolean checkHost, Duration sessionAge, @Nullable Provider provider) {
  static Provider requireTls(Provider provider) {
    if (provider.getService("SSLContext", "TLS") == null) {
      throw new IllegalArgumentException("The provider " + provider.getName() + " has no TLS");
    }
    return provider;
  }

  /** Whose TLS this is, as a sentence begins. */
  String providerName() {
    return provider == null
        ? "The first provider of TLS in this JVM"
        : "The provider " + provider.getName();
  }

  /** Sets what each connection begins with; its user may say otherwise. */
  void restrict(SSLSocket socket) {
    socket.setEnabledProtocols(ModernTls.protocols());
    if (checkHost) {
      socket.setSSLParameters(restrict(socket.getSSLParameters()));
    }
  }

  /** Sets what each connection begins with; its user may say otherwise. */
  void restrict(SSLEngine engine) {
    engine.setEnabledProtocols(ModernTls.protocols());
    if (checkHost) {
      engine.setSSLParameters(restrict(engine.getSSLParameters()));
    }
  }

  /** Only clients look at the host name, whichever end the parameters are used at. */
  SSLParameters restrict(SSLParameters parameters) {
    if (checkHost) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return ModernTls.restrict(parameters);
  }

  SSLContext newContext() throws NoSuchAlgorithmException {
    return provider == null
        ? SSLContext.getInstance("TLS")
        : SSLContext.getInstance("TLS", provider);
  }
}
