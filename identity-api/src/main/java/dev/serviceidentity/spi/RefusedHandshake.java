// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.identity.MechanismName;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A caller that a mechanism refused before there was any request, such as in a TLS handshake.
 *
 * @param mechanism who refused
 * @param reason why
 * @param detail the facts of this case; foreign text in it is escaped
 * @param source the peer's address, or null where the TLS stack does not tell
 * @param fingerprint the refused credential's fingerprint, or null if there was none
 */
public record RefusedHandshake(
    MechanismName mechanism,
    Reason reason,
    String detail,
    @Nullable InetAddress source,
    @Nullable String fingerprint) {
  /**
   * Checks that nothing required is missing.
   *
   * @param mechanism who refused
   * @param reason why
   * @param detail the facts of this case
   * @param source the peer's address
   * @param fingerprint the refused credential's fingerprint
   */
  public RefusedHandshake {
    Objects.requireNonNull(mechanism, "mechanism");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(detail, "detail");
  }
}
