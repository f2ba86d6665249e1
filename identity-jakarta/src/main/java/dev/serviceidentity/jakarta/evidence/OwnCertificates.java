// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that this service shows, and has shown on connections that may still be open.
 * Needed only where a connection does not tell which of them it was made with: to accept all of
 * them gives nothing away, for each proves that the caller has spoken TLS with this service.
 */
final class OwnCertificates implements IdentityListener {
  /** A day, the longest life of a TLS session, of certificates that live an hour. */
  private static final int MOST = 36;

  /** Of JSSE, for keys that a server's certificate can have. */
  private static final List<String> KEY_TYPES =
      List.of("EC", "RSA", "RSASSA-PSS", "EdDSA", "Ed25519", "Ed448");

  private final @Nullable X509ExtendedKeyManager keys;
  private final AtomicReference<List<X509Certificate>> shown = new AtomicReference<>(List.of());

  private OwnCertificates(@Nullable X509ExtendedKeyManager keys) {
    this.keys = keys;
  }

  /** Those of an identity, for as long as it is open. */
  static OwnCertificates of(ServiceIdentity identity) {
    var own = new OwnCertificates(keys(identity));
    if (own.keys != null) {
      own.all();
      identity.subscribe(own);
    }
    return own;
  }

  private static @Nullable X509ExtendedKeyManager keys(ServiceIdentity identity) {
    try {
      return identity.tls().keyManager();
    } catch (IllegalStateException withoutTls) {
      return null;
    }
  }

  @Override
  public void onRotated(IdentitySnapshot current) {
    all();
  }

  /** The newest first. */
  List<X509Certificate> all() {
    return keys == null
        ? List.of()
        : current(keys)
            .map(leaf -> shown.updateAndGet(known -> with(leaf, known)))
            .orElseGet(shown::get);
  }

  private static List<X509Certificate> with(X509Certificate newest, List<X509Certificate> known) {
    if (!known.isEmpty() && known.get(0).equals(newest)) {
      return known;
    }
    var all = new ArrayList<X509Certificate>();
    all.add(newest);
    known.stream().filter(older -> !older.equals(newest)).limit(MOST - 1).forEach(all::add);
    return List.copyOf(all);
  }

  private static Optional<X509Certificate> current(X509ExtendedKeyManager keys) {
    return KEY_TYPES.stream()
        .map(type -> keys.getServerAliases(type, null))
        .filter(aliases -> aliases != null && aliases.length > 0)
        .map(aliases -> Handshake.leaf(keys.getCertificateChain(aliases[0])))
        .filter(leaf -> leaf != null)
        .findFirst();
  }
}
