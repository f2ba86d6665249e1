// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.nio.file.Path;

/** Accepts one token and prints who it was: a JVM that a test starts with its own settings. */
final class AcceptInThisJvm {
  private AcceptInThisJvm() {}

  /** Takes a principal, its keytab and a token in base64. */
  public static void main(String[] arguments) {
    try (var identity =
        KerberosIdentity.builder()
            .principal(arguments[0])
            .keytab(Path.of(arguments[1]))
            .acceptOnly()
            .open()) {
      System.out.println(identity.callers().verify(TokenSurgery.evidence(arguments[2])));
    }
  }
}
