// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An open place from which an identity reads its certificate, key and authorities; for
 * implementing. It is read when it says that something has changed, when a directory of its files
 * changes, and every ten seconds in any case; only a reading that differs from the one in use is a
 * new generation. All methods may be called by several threads at once.
 */
public interface CertificateSource extends AutoCloseable {
  /**
   * How messages name the parts, so that who reads one knows what to mend.
   *
   * @param certificate where the own certificate is, for example a file
   * @param key where its key is
   * @param authorities where the authorities are
   */
  record Origin(String certificate, String key, String authorities) {}

  /**
   * Where the parts are.
   *
   * @return texts without secrets
   */
  Origin origin();

  /**
   * What is there now; identity and trust are of one moment. May block for a moment, as files do,
   * but asks no other host.
   *
   * @return a value, also if it is the same as before
   * @throws IdentityException saying what is wrong with it, where, and what to do; the identity in
   *     use stays
   */
  Credential read();

  /**
   * Whom to trust alone, when {@link #read} has failed: an authority that was removed is out at
   * once, whatever is wrong with the own certificate.
   *
   * @return bundles by their trust domains
   * @throws IdentityException if this is no good either; the trust in use stays
   */
  default Map<String, TrustBundle> readTrust() {
    return read().trust();
  }

  /**
   * What keeps {@link #read} from giving anything newer, in whole or in a part such as the
   * authorities of another trust domain, though what it gives can be used. Asked after each
   * reading; it is logged, told to listeners, and shows in health until it is over.
   *
   * @return empty if all is well
   */
  default Optional<IdentityException> trouble() {
    return Optional.empty();
  }

  /**
   * The files that are read, whose directories are watched.
   *
   * @return none for a source that is not made of files
   */
  default Set<Path> files() {
    return Set.of();
  }

  /**
   * Takes what to call whenever another reading would give something else. Called once, after the
   * first reading.
   *
   * @param changed reads at once on the calling thread, and throws nothing
   */
  default void onChange(Runnable changed) {}

  /** Stops whatever keeps it up to date. Closing twice does nothing. */
  @Override
  default void close() {}
}
