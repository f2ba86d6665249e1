// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.config.ConfSource;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The krb5.conf of the machine, for whoever names none. */
final class MachineConfig {
  private static final String VARIABLE = "KRB5_CONFIG";
  private static final Path USUAL = Path.of("/etc/krb5.conf");

  private MachineConfig() {}

  /** The first file of KRB5_CONFIG, or the usual one if it is there. */
  static ConfSource found() {
    return found(System.getenv(VARIABLE), USUAL);
  }

  static ConfSource found(@Nullable String variable, Path usual) {
    if (variable != null && !variable.isBlank()) {
      return ConfSource.of(Path.of(variable.split(File.pathSeparator, 2)[0]));
    }
    return Files.exists(usual)
        ? ConfSource.of(usual)
        : ConfSource.none("none: " + VARIABLE + " is not set, and there is no " + usual);
  }
}
