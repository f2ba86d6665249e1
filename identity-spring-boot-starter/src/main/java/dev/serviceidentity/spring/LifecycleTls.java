// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS as the identity that is open, or opens later: what servers and clients are built with before
 * that. Whoever uses it too early is told so by the supplier's exception.
 */
final class LifecycleTls implements TlsMaterial {
  private final Supplier<TlsMaterial> open;
  private final SSLContext context;
  private final X509ExtendedKeyManager keys;
  private final X509ExtendedTrustManager trust;

  LifecycleTls(BooleanSupplier isOpen, Supplier<TlsMaterial> open) {
    this.open = open;
    this.context = new LifecycleSslContext(() -> open.get().sslContext());
    this.keys = new Keys(isOpen, () -> open.get().keyManager());
    this.trust = new Trust(() -> open.get().trustManager());
  }

  @Override
  public SSLContext sslContext() {
    return context;
  }

  @Override
  public X509ExtendedKeyManager keyManager() {
    return keys;
  }

  @Override
  public X509ExtendedTrustManager trustManager() {
    return trust;
  }

  @Override
  public SSLParameters clientParameters() {
    return open.get().clientParameters();
  }

  @Override
  public SSLParameters serverParameters() {
    return open.get().serverParameters();
  }

  /** Which certificate is shown, as the open identity says; none before there is one. */
  private static final class Keys extends X509ExtendedKeyManager {
    private final BooleanSupplier isOpen;
    private final Supplier<X509ExtendedKeyManager> now;

    Keys(BooleanSupplier isOpen, Supplier<X509ExtendedKeyManager> now) {
      this.isOpen = isOpen;
      this.now = now;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return isOpen.getAsBoolean() ? now.get().getClientAliases(type, issuers) : null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return now.get().chooseClientAlias(types, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return now.get().chooseEngineClientAlias(types, issuers, engine);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return isOpen.getAsBoolean() ? now.get().getServerAliases(type, issuers) : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return now.get().chooseServerAlias(type, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return now.get().chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return now.get().getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return now.get().getPrivateKey(alias);
    }
  }

  /** Who is believed, as the open identity says. */
  private static final class Trust extends X509ExtendedTrustManager {
    private final Supplier<X509ExtendedTrustManager> now;

    Trust(Supplier<X509ExtendedTrustManager> now) {
      this.now = now;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      now.get().checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      now.get().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      now.get().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      now.get().checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      now.get().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      now.get().checkServerTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return now.get().getAcceptedIssuers();
    }
  }
}
