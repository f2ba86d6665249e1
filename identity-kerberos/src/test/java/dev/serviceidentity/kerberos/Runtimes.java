// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.OwnedRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** What identities are opened on. */
public final class Runtimes {
  private Runtimes() {}

  public static OwnedRuntime with(Clock clock) {
    return OwnedRuntime.start(
        clock, refused -> {}, Set.of(MechanismName.KERBEROS), Duration.ofSeconds(60));
  }
}
