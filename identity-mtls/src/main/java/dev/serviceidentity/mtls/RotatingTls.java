// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.identity.Subscription;
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
  private final TlsSettings settings;

  RotatingTls(
      Supplier<Material> current,
      PeerRules rules,
      TlsSettings settings,
      OpenConnections connections) {
    this.contexts = new GenerationContexts(current, rules, settings, connections);
    this.context = new RotatingSslContext(contexts);
    this.keyManager = new MaterialKeyManager(current, rules.clock());
    this.trustManager = new PeerTrustManager(current, rules);
    this.settings = settings;
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
    return context.getDefaultSSLParameters();
  }

  @Override
  public SSLParameters serverParameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    if (settings.needClient()) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(true);
    }
    return parameters;
  }

  Subscription holdConnectionsTo(ConnectionRule rule) {
    return contexts.connections().holdTo(rule);
  }

  void close() {
    contexts.close();
    keyManager.forget();
  }
}
