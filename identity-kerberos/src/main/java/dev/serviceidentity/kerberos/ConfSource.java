// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import java.io.File;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who says where the KDCs are: the program, a krb5.conf, or for whoever names neither the krb5.conf
 * of the machine.
 *
 * @param title how people know it
 * @param reading reads it, or throws an IdentityException with code {@code CONFIGURATION}
 */
record ConfSource(String title, Supplier<Reading> reading) {
  /**
   * What was read.
   *
   * @param config where the KDCs are
   * @param warnings what stands there without an effect here, each with file and line
   */
  record Reading(KerberosConfig config, List<String> warnings) {}

  private static final System.Logger LOG = System.getLogger(ConfSource.class.getName());
  private static final Path USUAL = Path.of("/etc/krb5.conf");

  static ConfSource of(KerberosConfig said) {
    return new ConfSource("KerberosConfig of the program", () -> new Reading(said, List.of()));
  }

  static ConfSource of(Path file) {
    return new ConfSource(
        file.toString(),
        () -> {
          Krb5Conf conf = Krb5Conf.read(file);
          return new Reading(conf.config(), conf.warnings());
        });
  }

  /** The first file of KRB5_CONFIG, or the usual one; without any realm if there is no file. */
  static ConfSource ofMachine() {
    return ofMachine(System.getenv("KRB5_CONFIG"), USUAL);
  }

  static ConfSource ofMachine(@Nullable String variable, Path usual) {
    if (variable != null && !variable.isBlank()) {
      return of(Path.of(variable.split(File.pathSeparator, 2)[0]));
    }
    return Files.exists(usual)
        ? of(usual)
        : new ConfSource(
            "no krb5.conf: KRB5_CONFIG is not set and there is no " + usual,
            () -> new Reading(KerberosConfig.builder().build(), List.of()));
  }

  /** Reads it, and logs what has no effect. */
  KerberosConfig config() {
    Reading read = reading.get();
    read.warnings.forEach(warning -> LOG.log(Level.WARNING, "{0}", warning));
    return read.config;
  }
}
