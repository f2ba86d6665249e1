// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The services that get credentials, and nobody else does: each by its origin, which is scheme,
 * host and port (RFC 6454 section 4). Immutable and thread-safe.
 *
 * <pre>{@code
 * CalledServices.of("https://payments.shop", "https://stock.shop:8443")
 *     .and("http://mail.shop", target -> target.servicePrincipal("HTTP/mail@OFFICE.EXAMPLE"));
 * }</pre>
 */
public final class CalledServices {
  private record Origin(String scheme, String host, int port) {
    static @Nullable Origin of(URI uri) {
      if (uri.getScheme() == null || uri.getHost() == null) {
        return null;
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int usual = scheme.equals("https") ? 443 : 80;
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }
  }

  private final Map<Origin, Target> targets;

  private CalledServices(Map<Origin, Target> targets) {
    this.targets = Map.copyOf(targets);
  }

  /**
   * Services whose credentials need nothing but their origin.
   *
   * @param origins such as {@code https://payments.shop:8443}
   * @return these services
   * @throws IllegalArgumentException if one is not {@code http} or {@code https}, a host and a port
   *     if need be, and nothing else
   */
  public static CalledServices of(String... origins) {
    return of(Arrays.asList(origins));
  }

  static CalledServices of(Collection<String> origins) {
    CalledServices services = new CalledServices(Map.of());
    for (String origin : origins) {
      services = services.and(origin, target -> target);
    }
    return services;
  }

  /**
   * These and one more.
   *
   * @param origin such as {@code https://payments.shop:8443}
   * @param more what credentials for it have to know, such as its Kerberos principal
   * @return a new value
   * @throws IllegalArgumentException if the origin is none
   */
  public CalledServices and(String origin, UnaryOperator<Target> more) {
    URI uri = parse(origin);
    Map<Origin, Target> all = new HashMap<>(targets);
    all.put(Origin.of(uri), more.apply(Target.of(uri)));
    return new CalledServices(all);
  }

  /**
   * What credentials for a request are to be for.
   *
   * @param uri where the request goes
   * @return empty if its origin was not named: it gets none
   */
  public Optional<Target> target(URI uri) {
    Origin origin = Origin.of(uri);
    return origin == null ? Optional.empty() : Optional.ofNullable(targets.get(origin));
  }

  private static URI parse(String origin) {
    URI uri = URI.create(origin);
    boolean more = uri.getRawUserInfo() != null || uri.getRawQuery() != null;
    if (more || uri.getRawFragment() != null || !isRoot(uri.getRawPath())) {
      // It is not repeated: it may hold a password or a token.
      throw new IllegalArgumentException(
          "A called service is scheme, host and port, such as https://payments.shop:8443");
    }
    return uri;
  }

  private static boolean isRoot(@Nullable String path) {
    return path == null || path.isEmpty() || path.equals("/");
  }
}
