// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.identity.IdentityException;

/**
 * The configuration of a source, before it is opened: {@link PemFiles}, {@link CredentialBundle},
 * {@link KeyStoreFile}, {@link SuppliedCredential}, {@link IssuedIdentity}, or one of your own.
 */
@FunctionalInterface
public interface SourceProvider {
  /**
   * Opens the source. A source that needs another host for its first reading waits for it here, at
   * most as long as the runtime's {@code openTimeout}.
   *
   * @param context what it works with
   * @return the source, which the caller closes
   * @throws IdentityException if it cannot work, or is not ready in time
   */
  CertificateSource open(SourceContext context);
}
