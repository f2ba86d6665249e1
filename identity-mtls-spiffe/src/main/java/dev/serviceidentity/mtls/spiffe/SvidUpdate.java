// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.source.Credential;
import org.jspecify.annotations.Nullable;

/** What an update of X.509-SVIDs gives: identity and trust, and which part of it was no good. */
final class SvidUpdate implements Latest.Update {
  private final Credential credential;
  private final @Nullable IdentityException trouble;

  SvidUpdate(Credential credential, @Nullable IdentityException trouble) {
    this.credential = credential;
    this.trouble = trouble;
  }

  Credential credential() {
    return credential;
  }

  @Override
  public @Nullable IdentityException trouble() {
    return trouble;
  }
}
