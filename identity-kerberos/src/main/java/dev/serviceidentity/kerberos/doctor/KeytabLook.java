// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A look at a keytab: whether it can be read, by whom, and what is in it. */
final class KeytabLook {
  private static final String SUBJECT = "keytab";
  private static final int MOST_PRINCIPALS = 20;

  private final KeytabFile file;
  private final Instant now;
  private final Findings findings;

  KeytabLook(KeytabFile file, Instant now, Findings findings) {
    this.file = file;
    this.now = now;
    this.findings = findings;
  }

  /** Returns the own keys of strong types; none if there is no way to use the file. */
  List<KeytabEntry> run() {
    Map<PrincipalName, List<KeytabEntry>> owners;
    try {
      List<KeytabEntry> all = file.all();
      owners =
          all.stream()
              .collect(
                  Collectors.groupingBy(
                      KeytabEntry::principal, LinkedHashMap::new, Collectors.toList()));
      findings.ok(SUBJECT, file.path() + ": " + counted(all.size(), "key") + of(owners.size()));
    } catch (IdentityException unreadable) {
      findings.failed(SUBJECT, unreadable);
      return List.of();
    }
    file.exposure().ifPresent(what -> findings.told(Severity.WARNING, SUBJECT, what));
    owners.entrySet().stream()
        .limit(MOST_PRINCIPALS)
        .forEach(owner -> keys(owner.getKey(), owner.getValue()));
    try {
      return KeytabFile.strong(file.entries()).stream()
          .filter(key -> key.principal().equals(file.principal()))
          .toList();
    } catch (IdentityException useless) {
      findings.failed(SUBJECT, useless);
      return List.of();
    }
  }

  private void keys(PrincipalName principal, List<KeytabEntry> keys) {
    String subject = "keys of " + principal;
    Instant newest = keys.stream().map(KeytabEntry::written).max(Instant::compareTo).orElseThrow();
    Duration age = Duration.between(newest, now);
    String detail = versions(keys) + ", the newest written " + written(age);
    if (age.compareTo(file.keyAge()) > 0) {
      findings.warning(
          subject,
          detail + ", which is more than " + Spans.of(file.keyAge()),
          "Give the principal a new key, beside the old ones (kadmin: ktadd -k).");
    } else {
      findings.ok(subject, detail);
    }
    String retired =
        keys.stream()
            .filter(key -> KeyType.isRetired(key.etype()))
            .map(key -> "kvno " + key.kvno() + " of " + KeyType.describe(key.etype()))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!retired.isEmpty()) {
      findings.warning(
          subject,
          "of retired types, which are not used: " + retired,
          "Take them away, in the KDC too (RFC 8429).");
    }
  }

  /** The highest version first. */
  private static String versions(List<KeytabEntry> keys) {
    var types = new TreeMap<Long, String>();
    for (KeytabEntry key : keys) {
      types.merge(key.kvno(), KeyType.describe(key.etype()), (one, more) -> one + ", " + more);
    }
    return types.descendingMap().entrySet().stream()
        .map(version -> "kvno " + version.getKey() + " of " + version.getValue())
        .collect(Collectors.joining("; "));
  }

  private static String written(Duration age) {
    Duration whole = age.truncatedTo(ChronoUnit.SECONDS);
    return whole.isNegative()
        ? Spans.of(whole) + " from now, by this host's clock"
        : Spans.of(whole) + " ago";
  }

  private static String of(int principals) {
    return " of " + counted(principals, "principal");
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
