// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import dev.serviceidentity.caller.ChannelBinding;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service that credentials are for. Each method that takes a part returns a new value with that
 * part. Immutable and thread-safe.
 */
public final class Target {
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private final Place place;
  private final String serviceClass;
  private final @Nullable String servicePrincipal;
  private final @Nullable ChannelBinding channelBinding;
  private final boolean spnego;

  private record Place(String host, int port, boolean secure) {}

  private Target(
      Place place,
      String serviceClass,
      @Nullable String servicePrincipal,
      @Nullable ChannelBinding channelBinding,
      boolean spnego) {
    this.place = place;
    this.serviceClass = serviceClass;
    this.servicePrincipal = servicePrincipal;
    this.channelBinding = channelBinding;
    this.spnego = spnego;
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
          default -> throw new IllegalArgumentException(noScheme(uri));
        };
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("A target's URI names a host");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new IllegalArgumentException("A target's port is 1 to 65535, not " + uri.getPort());
    }
    boolean secure = scheme.equals("https");
    var place = new Place(uri.getHost(), uri.getPort() < 0 ? port : uri.getPort(), secure);
    return new Target(place, "HTTP", null, null, true);
  }

  /** A URI that is more than host and port is not repeated: it may hold a password or a token. */
  private static String noScheme(URI uri) {
    if (uri.isOpaque() && PORT.matcher(uri.getRawSchemeSpecificPart()).matches()) {
      return "'" + uri + "' is no target: write https://" + uri + "/";
    }
    return "A target's URI is http or https";
  }

  /**
   * The same target, of another kind of service.
   *
   * @param name the first component of a service principal name, such as {@code postgres}
   * @return a new target
   */
  public Target serviceClass(String name) {
    Objects.requireNonNull(name, "name");
    return new Target(place, name, servicePrincipal, channelBinding, spnego);
  }

  /**
   * The same target, whose Kerberos principal is not {@code class/host}.
   *
   * @param name the service principal name as its keytab has it
   * @return a new target
   */
  public Target servicePrincipal(String name) {
    Objects.requireNonNull(name, "name");
    return new Target(place, serviceClass, name, channelBinding, spnego);
  }

  /**
   * The same target, over the connection that a credential is to be bound to, so that it is worth
   * nothing on another one (RFC 5056). For a connection of TLS whose other end is known:
   *
   * <pre>{@code
   * var server = (X509Certificate) session.getPeerCertificates()[0];
   * identity.credentialsFor(
   *     Target.of(uri).channelBinding(ChannelBinding.tlsServerEndPoint(server)));
   * }</pre>
   *
   * @param binding what tells that connection from others, made once for it
   * @return a new target
   */
  public Target channelBinding(ChannelBinding binding) {
    Objects.requireNonNull(binding, "binding");
    return new Target(place, serviceClass, servicePrincipal, binding, spnego);
  }

  /**
   * The same target, which takes Kerberos tokens without the frame of SPNEGO (RFC 4178) around
   * them.
   *
   * @return a new target
   */
  public Target withoutSpnego() {
    return new Target(place, serviceClass, servicePrincipal, channelBinding, false);
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
    return place.host;
  }

  /**
   * The port.
   *
   * @return 1 to 65535
   */
  public int port() {
    return place.port;
  }

  /**
   * Tells whether the connection is one of TLS, without which a certificate proves nothing.
   *
   * @return true for {@code https}
   */
  public boolean isSecure() {
    return place.secure;
  }

  /**
   * The Kerberos principal, where it does not follow from class and host.
   *
   * @return empty unless it was given
   */
  public Optional<String> servicePrincipal() {
    return Optional.ofNullable(servicePrincipal);
  }

  /**
   * What the credential is bound to.
   *
   * @return empty unless it was given
   */
  public Optional<ChannelBinding> channelBinding() {
    return Optional.ofNullable(channelBinding);
  }

  /**
   * Tells whether Kerberos tokens travel inside SPNEGO, as HTTP has them (RFC 4559).
   *
   * @return true unless said otherwise
   */
  public boolean speaksSpnego() {
    return spnego;
  }

  /** Returns for example {@code HTTP/orders.shop:8080}. */
  @Override
  public String toString() {
    return serviceClass + "/" + place.host + ":" + place.port;
  }
}
