// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.jgss.JdkWitness;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import java.nio.file.Path;
import java.util.Base64;

/** Accepts one token by the JDK alone: a JVM that a test starts with its own krb5.conf. */
final class JgssServer {
  private JgssServer() {}

  /** Takes a keytab of one key and a token in base64; prints its answer. */
  public static void main(String[] arguments) {
    KeytabEntry key = KeytabKeys.entries(Path.of(arguments[0])).get(0);
    byte[] token = Base64.getDecoder().decode(arguments[1]);
    System.out.println(
        new JdkWitness(key)
            .answer(token)
            .map(answer -> Base64.getEncoder().encodeToString(answer))
            .orElse("refused"));
  }
}
