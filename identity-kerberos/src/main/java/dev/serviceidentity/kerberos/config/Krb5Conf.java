// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import java.util.List;

/**
 * A krb5.conf as it was read at one time: what this library uses of it, and what it does not.
 *
 * <pre>{@code
 * Krb5Conf read = Krb5Conf.read(Path.of("/etc/krb5.conf"));
 * read.warnings().forEach(System.out::println);
 * KerberosConfig config = read.config();
 * }</pre>
 *
 * <p><b>Form.</b> As MIT's library reads it: {@code include} and {@code includedir} with absolute
 * paths at the beginning of a line, of a directory the regular files whose names are letters,
 * digits, dashes and underscores or end in {@code .conf}, in the order of their names; comments on
 * lines of their own; blocks over several lines; of a setting that is said twice the first stands.
 * Stricter than MIT: a block that the end of the file leaves open is an error, because it is what a
 * file looks like that is being written.
 *
 * <p><b>Used.</b> In {@code [libdefaults]}: {@code default_realm}, {@code dns_lookup_kdc} (false
 * unless said), {@code kdc_timeout} (a number alone is milliseconds, as for the JDK), {@code
 * ticket_lifetime}. In {@code [realms]}: {@code kdc}. All of {@code [domain_realm]}, where a host
 * stands for the domain of that name too, and of {@code [capaths]}.
 *
 * <p><b>Passed over.</b> What concerns other programs: the sections {@code appdefaults}, {@code
 * plugins}, {@code logging} and those of a KDC; {@code admin_server}, {@code kpasswd_server},
 * {@code primary_kdc}, {@code master_kdc}, {@code auth_to_local}, {@code pkinit_*} and the like.
 *
 * <p><b>Noted.</b> Settings that other libraries follow and this one does not, unless they ask for
 * what happens here anyway: {@code forwardable = true}, {@code dns_canonicalize_hostname = true},
 * {@code permitted_enctypes}, {@code clockskew}, {@code renew_lifetime} and others.
 *
 * <p><b>Warned of.</b> All that is unknown, or not read. Each with file and line.
 */
public final class Krb5Conf {
  private final KerberosConfig config;
  private final List<String> warnings;
  private final List<String> notes;

  private Krb5Conf(KerberosConfig config, ConfReader reader) {
    this.config = config;
    this.warnings = List.copyOf(reader.warnings());
    this.notes = List.copyOf(reader.notes());
  }

  /**
   * Reads a file and those that it includes: at most 256 of 1 MiB each. Blocks for as long as the
   * file system does.
   *
   * @param file the path of the file
   * @return what it says
   * @throws IdentityException with code {@code CONFIGURATION}, the file, the line and what to do if
   *     a file cannot be read, is not of the form, or gives a used setting an impossible value
   */
  public static Krb5Conf read(Path file) {
    var reader = new ConfReader(file);
    reader.read(file.toAbsolutePath().normalize(), null);
    return of(reader);
  }

  /** Reads text as if it stood in a file. */
  static Krb5Conf parse(Path file, String text) {
    var reader = new ConfReader(file);
    new ConfText(reader, file).read(text);
    return of(reader);
  }

  private static Krb5Conf of(ConfReader reader) {
    var builder = KerberosConfig.builder();
    new ConfMeaning(reader, builder).apply();
    return new Krb5Conf(builder.build(), reader);
  }

  /**
   * What it says of realms, KDCs and tickets.
   *
   * @return immutable
   */
  public KerberosConfig config() {
    return config;
  }

  /**
   * What stands in it and is unknown, or not read.
   *
   * @return each with file, line and reason, in the order of the sections
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Settings that other libraries follow and this one does not.
   *
   * @return each with file, line and what happens instead, in the order of the sections
   */
  public List<String> notes() {
    return notes;
  }

  /** Returns the realms and how many warnings there are. */
  @Override
  public String toString() {
    return "Krb5Conf[" + config + ", " + warnings.size() + " warnings]";
  }
}
