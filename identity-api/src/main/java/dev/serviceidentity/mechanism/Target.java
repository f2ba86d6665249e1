// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The service that credentials are for. Each method that takes a part returns a new value with that
 * part. Immutable and thread-safe.
 */
public final class Target {
  private final String serviceClass;
  private final String host;
  private final int port;
  private final boolean secure;
  private final @Nullable String servicePrincipal;

  private Target(
      String serviceClass,
      String host,
      int port,
      boolean secure,
      @Nullable String servicePrincipal) {
    this.serviceClass = serviceClass;
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.servicePrincipal = servicePrincipal;
  }

  /**
   * The target of a URI: service class {@code HTTP} (RFC 4559 section 4.1), its host, its port.
   *
   * @param uri absolute, {@code http} or {@code https}
   * @return the target
   * @throws IllegalArgumentException if the URI has no host, another scheme, or a port that is not
   *     1 to 65535
   */
  public static Target of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    int port =
        switch (scheme) {
          case "http" -> 80;
          case "https" -> 443;
          // The URI is not repeated: it may hold a password or a token.
          default -> throw new IllegalArgumentException("A target's URI is http or https");
        };
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("A target's URI names a host");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new IllegalArgumentException("A target's port is 1 to 65535, not " + uri.getPort());
    }
    boolean secure = scheme.equals("https");
    return new Target(
        "HTTP", uri.getHost(), uri.getPort() < 0 ? port : uri.getPort(), secure, null);
  }

  /**
   * The same target, of another kind of service.
   *
   * @param name the first component of a service principal name, such as {@code postgres}
   * @return a new target
   */
  public Target serviceClass(String name) {
    return new Target(Objects.requireNonNull(name, "name"), host, port, secure, servicePrincipal);
  }

  /**
   * The same target, whose Kerberos principal is not {@code class/host}.
   *
   * @param name the service principal name as its keytab has it
   * @return a new target
   */
  public Target servicePrincipal(String name) {
    return new Target(serviceClass, host, port, secure, Objects.requireNonNull(name, "name"));
  }

  /**
   * The kind of service.
   *
   * @return {@code HTTP} unless said otherwise
   */
  public String serviceClass() {
    return serviceClass;
  }

  /**
   * The host, as the user typed it; it is never looked up in the DNS to change its name.
   *
   * @return a name or an address
   */
  public String host() {
    return host;
  }

  /**
   * The port.
   *
   * @return 1 to 65535
   */
  public int port() {
    return port;
  }

  /**
   * Tells whether the connection is one of TLS, without which a certificate proves nothing.
   *
   * @return true for {@code https}
   */
  public boolean isSecure() {
    return secure;
  }

  /**
   * The Kerberos principal, where it does not follow from class and host.
   *
   * @return empty unless it was given
   */
  public Optional<String> servicePrincipal() {
    return Optional.ofNullable(servicePrincipal);
  }

  /** Returns for example {@code HTTP/orders.shop:8080}. */
  @Override
  public String toString() {
    return serviceClass + "/" + host + ":" + port;
  }
}
