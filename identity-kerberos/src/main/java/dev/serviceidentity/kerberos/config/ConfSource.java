// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.identity.IdentityException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who says where the KDCs are: the program, a krb5.conf, or nobody. Used by this module alone.
 *
 * @param title how people know it
 * @param reading reads it, or throws an IdentityException with code {@code CONFIGURATION}
 */
public record ConfSource(String title, Supplier<Reading> reading) {
  /**
   * What was read.
   *
   * @param config where the KDCs are
   * @param warnings what is unknown there, or not read, each with file and line
   * @param notes settings there that other libraries follow and this one does not
   */
  public record Reading(KerberosConfig config, List<String> warnings, List<String> notes) {
    static Reading of(KerberosConfig said) {
      return new Reading(said, List.of(), List.of());
    }
  }

  private static final System.Logger LOG = System.getLogger(ConfSource.class.getName());

  /**
   * The program.
   *
   * @param said what it says
   * @return that
   */
  public static ConfSource of(KerberosConfig said) {
    return new ConfSource("KerberosConfig of the program", () -> Reading.of(said));
  }

  /**
   * A krb5.conf.
   *
   * @param file where it is, not read yet
   * @return that
   */
  public static ConfSource of(Path file) {
    return new ConfSource(
        file.toString(),
        () -> {
          Krb5Conf conf = Krb5Conf.read(file);
          return new Reading(conf.config(), conf.warnings(), conf.notes());
        });
  }

  /**
   * Nobody, and why.
   *
   * @param why for people
   * @return a configuration that says nothing
   */
  public static ConfSource none(String why) {
    return new ConfSource(why, () -> Reading.of(KerberosConfig.builder().build()));
  }

  /**
   * Reads it, and logs what has no effect.
   *
   * @return what it says
   * @throws IdentityException with code {@code CONFIGURATION} if it cannot be read
   */
  public KerberosConfig config() {
    Reading read = reading.get();
    read.warnings.forEach(warning -> LOG.log(Level.WARNING, "{0}", warning));
    read.notes.forEach(note -> LOG.log(Level.INFO, "{0}", note));
    return read.config;
  }
}
