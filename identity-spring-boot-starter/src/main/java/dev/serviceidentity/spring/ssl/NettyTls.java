// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.mechanism.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

/**
 * Netty's view of the identity's own context, for clients. Netty's own one asks a context for an
 * engine as soon as it is made, which an identity that is not open yet cannot give.
 */
final class NettyTls extends SslContext {
  private final Supplier<TlsMaterial> tls;

  NettyTls(Supplier<TlsMaterial> tls) {
    this.tls = tls;
  }

  /** Lets the identity say whether host names are checked, whatever was set before. */
  void checkHost(SSLEngine engine) {
    String algorithm = tls.get().clientParameters().getEndpointIdentificationAlgorithm();
    SSLParameters parameters = engine.getSSLParameters();
    // Null would change nothing.
    parameters.setEndpointIdentificationAlgorithm(algorithm == null ? "" : algorithm);
    engine.setSSLParameters(parameters);
  }

  @Override
  public boolean isClient() {
    return true;
  }

  @Override
  public List<String> cipherSuites() {
    return List.of(tls.get().clientParameters().getCipherSuites());
  }

  /** Returns none: HTTP/1.1 needs none. */
  @Override
  @SuppressWarnings("deprecation") // Netty has nothing else here.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return List::of;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory) {
    return client(tls.get().sslContext().createSSLEngine());
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator memory, String host, int port) {
    return client(tls.get().sslContext().createSSLEngine(host, port));
  }

  @Override
  public SSLSessionContext sessionContext() {
    return tls.get().sslContext().getClientSessionContext();
  }

  private SSLEngine client(SSLEngine engine) {
    engine.setUseClientMode(true);
    engine.setSSLParameters(tls.get().clientParameters());
    return engine;
  }
}
