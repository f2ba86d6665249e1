// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.nio.file.Path;

/**
 * A line of a krb5.conf.
 *
 * @param file the file, which may be an included one
 * @param line counted from one
 */
record ConfPlace(Path file, int line) {
  /** What keeps the file from being read. */
  IdentityException wrong(String what, String cure) {
    return new IdentityException(
        Code.CONFIGURATION, "The krb5.conf " + file + ", line " + line + ": " + what + ". " + cure);
  }

  /** Returns {@code file:line}, as editors and compilers write it. */
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
