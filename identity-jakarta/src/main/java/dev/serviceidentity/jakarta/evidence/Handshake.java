// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What is known of a connection's TLS. */
sealed interface Handshake {
  /** There was none. */
  Handshake NONE = new Absent();

  /** The certificate that this end has shown, if that is known. */
  @Nullable X509Certificate shown();

  /** A connection without TLS. */
  record Absent() implements Handshake {
    @Override
    public @Nullable X509Certificate shown() {
      return null;
    }
  }

  /**
   * A connection whose session is known, and with it all else.
   *
   * @param session of a handshake that has finished
   */
  record Session(SSLSession session) implements Handshake {
    @Override
    public @Nullable X509Certificate shown() {
      return leaf(session.getLocalCertificates());
    }
  }

  /**
   * A connection of which only certificates are known.
   *
   * @param peer the far end's, leaf first
   * @param shown this end's, if that is known
   */
  record Certificates(List<X509Certificate> peer, @Nullable X509Certificate shown)
      implements Handshake {}

  /** The first of a chain that may be none at all. */
  static @Nullable X509Certificate leaf(Certificate @Nullable [] chain) {
    return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate leaf
        ? leaf
        : null;
  }
}
