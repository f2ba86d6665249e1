// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import java.io.File;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The krb5.conf of the machine, for whoever names none. */
final class MachineConfig {
  private static final System.Logger LOG = System.getLogger(MachineConfig.class.getName());
  private static final Path USUAL = Path.of("/etc/krb5.conf");

  private MachineConfig() {}

  /**
   * Reads the first file of KRB5_CONFIG, or the usual one if it is there.
   *
   * @return without any realm if there is no file
   * @throws IdentityException as {@link #read} does
   */
  static KerberosConfig found() {
    return found(System.getenv("KRB5_CONFIG"), USUAL);
  }

  static KerberosConfig found(@Nullable String variable, Path usual) {
    if (variable != null && !variable.isBlank()) {
      return read(Path.of(variable.split(File.pathSeparator, 2)[0]));
    }
    return Files.exists(usual) ? read(usual) : KerberosConfig.builder().build();
  }

  /**
   * Reads a file, and logs what it says without an effect here.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if it cannot be used
   */
  static KerberosConfig read(Path file) {
    Krb5Conf conf = Krb5Conf.read(file);
    conf.warnings().forEach(warning -> LOG.log(Level.WARNING, "{0}", warning));
    return conf.config();
  }
}
