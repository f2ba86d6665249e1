// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * A service's own identity as an SSL bundle: certificates rotate inside it, so that nothing is
 * reloaded. Spring Boot knows it by its {@link #NAME}:
 *
 * <pre>{@code
 * server.ssl.bundle=service-identity
 * spring.http.clients.imperative.ssl.bundle=service-identity
 * }</pre>
 *
 * <p>It has no key stores: a key never leaves the identity. Who reads stores only finds none; of
 * the web servers, Tomcat is given the identity's own context instead. The identity is asked for
 * when the first context, manager or server is made, not before. Thread-safe.
 */
public final class IdentitySslBundle implements SslBundle {
  /** What the bundle is registered as. */
  public static final String NAME = "service-identity";

  private final Supplier<ServiceIdentity> identity;
  private final SslManagerBundle managers = new IdentityManagers(this::tls);

  private IdentitySslBundle(Supplier<ServiceIdentity> identity) {
    this.identity = Objects.requireNonNull(identity, "identity");
  }

  /**
   * The bundle of an identity that need not be open yet.
   *
   * @param identity gives the identity, each time the same
   * @return a bundle
   */
  public static IdentitySslBundle of(Supplier<ServiceIdentity> identity) {
    return new IdentitySslBundle(identity);
  }

  /** Returns no stores. */
  @Override
  public SslStoreBundle getStores() {
    return SslStoreBundle.NONE;
  }

  /** Returns none: the identity has one key at a time. */
  @Override
  public SslBundleKey getKey() {
    return SslBundleKey.NONE;
  }

  /** Returns none: the context restricts each connection to TLS 1.2 and 1.3 itself. */
  @Override
  public SslOptions getOptions() {
    return SslOptions.NONE;
  }

  @Override
  public String getProtocol() {
    return DEFAULT_PROTOCOL;
  }

  @Override
  public SslManagerBundle getManagers() {
    return managers;
  }

  /**
   * The identity's own context, in which no session survives a rotation.
   *
   * @return always the same object
   * @throws IllegalStateException if no mechanism is one of TLS
   */
  @Override
  public SSLContext createSslContext() {
    return tls().sslContext();
  }

  TlsMaterial tls() {
    return identity.get().tls();
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return "IdentitySslBundle[" + NAME + "]";
  }
}
