// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What TLS stacks are given once; the generation in use is found inside, at each connection. */
final class RotatingTls implements TlsMaterial {
  private final GenerationContexts contexts;
  private final RotatingSslContext context;
  private final MaterialKeyManager keyManager;
  private final PeerTrustManager trustManager;
  private final TlsDefaults defaults;

  /**
   * What the configuration decides about parameters.
   *
   * @param needClient whether a server insists on a client certificate
   * @param checkHost whether a client checks the host name unless it says otherwise
   */
  record TlsDefaults(boolean needClient, boolean checkHost) {}

  RotatingTls(Supplier<Material> current, PeerRules rules, TlsDefaults defaults) {
    this.contexts = new GenerationContexts(current, rules);
    this.context = new RotatingSslContext(contexts);
    this.keyManager = new MaterialKeyManager(current);
    this.trustManager = new PeerTrustManager(current, rules);
    this.defaults = defaults;
  }

  @Override
  public SSLContext sslContext() {
    return context;
  }

  @Override
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  @Override
  public X509ExtendedTrustManager trustManager() {
    return trustManager;
  }

  @Override
  public SSLParameters clientParameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    if (defaults.checkHost()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }

  @Override
  public SSLParameters serverParameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    if (defaults.needClient()) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(true);
    }
    return parameters;
  }

  void close() {
    contexts.close();
    keyManager.forget();
  }
}
