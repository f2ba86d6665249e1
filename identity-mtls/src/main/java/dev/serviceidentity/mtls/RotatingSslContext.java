// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** One context for ever, each of whose connections is made by the context of the moment. */
final class RotatingSslContext extends SSLContext {
  RotatingSslContext(GenerationContexts contexts) {
    super(new Spi(contexts), contexts.current().getProvider(), contexts.current().getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private final GenerationContexts contexts;

    Spi(GenerationContexts contexts) {
      this.contexts = contexts;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("This context has its keys and its trust already");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return kept(contexts.current().createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return kept(contexts.current().createSSLEngine(host, port));
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new RotatingSocketFactory(contexts);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return new RotatingServerSocketFactory(contexts);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return contexts.current().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return contexts.current().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return contexts.settings().restrict(contexts.current().getDefaultSSLParameters());
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return contexts.current().getSupportedSSLParameters();
    }

    private SSLEngine kept(SSLEngine engine) {
      contexts.settings().restrict(engine);
      return contexts.connections().keep(engine);
    }
  }
}
