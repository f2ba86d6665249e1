// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.caller.ChannelBinding;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bindings to certificates, which are hashed once. They come from this service's own keys and
 * from its configuration, never from callers, so there are few.
 */
final class Bindings {
  /** Twice as many as a service can have shown in a day; then all are hashed again. */
  private static final int MOST = 128;

  private final Map<X509Certificate, Optional<ChannelBinding>> known = new ConcurrentHashMap<>();

  List<ChannelBinding> to(Collection<X509Certificate> certificates) {
    var bindings = new ArrayList<ChannelBinding>(certificates.size());
    for (X509Certificate certificate : certificates) {
      to(certificate).ifPresent(bindings::add);
    }
    return bindings;
  }

  Optional<ChannelBinding> to(X509Certificate certificate) {
    Optional<ChannelBinding> binding = known.get(certificate);
    if (binding == null) {
      if (known.size() >= MOST) {
        known.clear();
      }
      binding = hashed(certificate);
      known.put(certificate, binding);
    }
    return binding;
  }

  private static Optional<ChannelBinding> hashed(X509Certificate certificate) {
    try {
      return Optional.of(ChannelBinding.tlsServerEndPoint(certificate));
    } catch (IllegalArgumentException withoutBinding) {
      // RFC 5929 has none for EdDSA; tokens are then bound to nothing.
      return Optional.empty();
    }
  }
}
