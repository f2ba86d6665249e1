// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.identity.IdentityException;
import org.jspecify.annotations.Nullable;

/** Says why a request gives no evidence. */
final class Untold {
  private Untold() {}

  static IdentityException ended() {
    return because("it has ended already");
  }

  static IdentityException because(String reason) {
    return because(reason, null);
  }

  static IdentityException because(String reason, @Nullable Throwable cause) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "Nothing is known of who sent the request: " + reason,
        cause);
  }
}
