// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What is wrong with a keytab that works: old keys and retired ones. Each is said once. */
public final class KeytabWarnings {
  private static final System.Logger LOG = System.getLogger(KeytabWarnings.class.getName());

  private final Path file;
  private final Duration oldest;
  private final Map<PrincipalName, Instant> newestKeys = new ConcurrentHashMap<>();

  private KeytabWarnings(Path file, Duration oldest) {
    this.file = file;
    this.oldest = oldest;
  }

  /**
   * Warns of retired types at once, and remembers when the keys were written.
   *
   * @param file where the keytab is
   * @param entries what is in it
   * @param oldest how old the newest key of a principal may become
   * @return what is still to be said
   */
  public static KeytabWarnings of(Path file, List<KeytabEntry> entries, Duration oldest) {
    var warnings = new KeytabWarnings(file, oldest);
    for (KeytabEntry entry : entries) {
      warnings.newestKeys.merge(entry.principal(), entry.written(), (a, b) -> a.isAfter(b) ? a : b);
    }
    String retired =
        entries.stream()
            .filter(entry -> KeyType.isRetired(entry.etype()))
            .map(KeytabEntry::toString)
            .distinct()
            .collect(Collectors.joining(", "));
    if (!retired.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The keytab {0} has keys of retired types, which are not used: {1}. Take them away in the"
              + " KDC too (RFC 8429).",
          file,
          retired);
    }
    return warnings;
  }

  /**
   * Warns of principals whose newest key has become too old.
   *
   * @param now the time
   * @return the principals that were named now and not before
   */
  public List<PrincipalName> ofAge(Instant now) {
    List<PrincipalName> old =
        newestKeys.entrySet().stream()
            .filter(key -> key.getValue().plus(oldest).isBefore(now))
            .map(Map.Entry::getKey)
            .filter(principal -> newestKeys.remove(principal) != null)
            .toList();
    for (PrincipalName principal : old) {
      LOG.log(
          Level.WARNING,
          "The newest key of {0} in the keytab {1} was written more than {2} days ago. Give"
              + " the principal a new one (kadmin: ktadd -k).",
          principal,
          file,
          oldest.toDays());
    }
    return old;
  }
}
