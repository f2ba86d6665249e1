// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who says where the KDCs are: the program, a krb5.conf, or nobody.
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

  /** Nobody, and why. */
  static ConfSource none(String why) {
    return new ConfSource(why, () -> new Reading(KerberosConfig.builder().build(), List.of()));
  }

  /** Reads it, and logs what has no effect. */
  KerberosConfig config() {
    Reading read = reading.get();
    read.warnings.forEach(warning -> LOG.log(Level.WARNING, "{0}", warning));
    return read.config;
  }
}
