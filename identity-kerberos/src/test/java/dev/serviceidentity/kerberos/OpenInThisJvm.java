// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import java.time.Duration;

/** Opens an identity and prints how that ended: a JVM that a test starts with its own settings. */
final class OpenInThisJvm {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private OpenInThisJvm() {}

  /** Takes a principal and its keytab. */
  public static void main(String[] arguments) {
    try (var identity =
        KerberosIdentity.builder()
            .principal(arguments[0])
            .keytab(Path.of(arguments[1]))
            .jgssInitiator()
            .openTimeout(PATIENCE)
            .open()) {
      System.out.println("OPEN " + identity);
    } catch (IdentityException refused) {
      System.out.println(refused.code() + " " + refused.getMessage());
    }
  }
}
