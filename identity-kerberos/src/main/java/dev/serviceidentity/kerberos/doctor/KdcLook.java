// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcErrors;
import dev.serviceidentity.kerberos.kdc.KdcProbe;
import dev.serviceidentity.kerberos.kdc.Sighting;
import dev.serviceidentity.kerberos.kdc.Sighting.Account;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A look at each KDC of the own realm: whether it is there, and what it says of the account. */
final class KdcLook {
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final Duration UNNOTICED = Duration.ofMinutes(1);

  private final PrincipalName own;
  private final Clock clock;
  private final Findings findings;
  private final List<Sighting.Seen> seen = new ArrayList<>();

  KdcLook(PrincipalName own, Clock clock, Findings findings) {
    this.own = own;
    this.clock = clock;
    this.findings = findings;
  }

  /** Returns those that answer, in the order of the configuration. */
  List<KdcAddress> run(KerberosConfig config, RandomOctets random) {
    Duration limit = config.kdcTimeout().compareTo(LONGEST) < 0 ? config.kdcTimeout() : LONGEST;
    List<Sighting> all;
    try {
      all = new KdcProbe(config, limit, random, clock).look(own);
    } catch (IdentityException unknown) {
      findings.failed("KDC", unknown);
      return List.of();
    }
    all.stream().filter(Sighting.Seen.class::isInstance).forEach(s -> seen.add((Sighting.Seen) s));
    all.forEach(this::tell);
    if (!seen.isEmpty()) {
      account();
    }
    return seen.stream().map(Sighting.Seen::kdc).toList();
  }

  /** Whether no KDC lets the principal log in, whatever its key. */
  boolean isRefused() {
    return seen.stream().allMatch(one -> one.account().refusal().isPresent());
  }

  /**
   * Compares the clocks.
   *
   * @param proven what the KDC's clock is ahead of ours by authentic answers; zero without any
   * @param permitted what callers and services permit
   */
  void clock(Duration proven, Duration permitted) {
    Optional<Duration> ahead = proven.isZero() ? said() : Optional.of(proven);
    if (ahead.isEmpty()) {
      return;
    }
    Duration difference = ahead.get().abs();
    String detail =
        difference.toSeconds() < 2
            ? "agrees with the KDC's"
            : Spans.of(difference)
                + (ahead.get().isNegative() ? " ahead of" : " behind")
                + " the KDC's";
    String remedy = "Synchronise this host's clock with the KDC's (NTP, chrony).";
    if (difference.compareTo(UNNOTICED) <= 0) {
      findings.ok("clock", detail);
    } else if (difference.compareTo(permitted) <= 0) {
      findings.warning("clock", detail + "; requests are corrected by that", remedy);
    } else {
      findings.failed(
          "clock", detail + ", and callers may differ by " + Spans.of(permitted) + " only", remedy);
    }
  }

  /** By an answer that anybody may have written. */
  private Optional<Duration> said() {
    return seen.stream()
        .flatMap(one -> Optional.ofNullable(one.account().clockAhead()).stream())
        .findFirst();
  }

  private void tell(Sighting sighting) {
    String subject = "KDC " + sighting.kdc();
    if (sighting instanceof Sighting.Seen one) {
      findings.ok(
          subject, "answers from " + one.from().getHostAddress() + " in " + Spans.of(one.took()));
    } else if (sighting instanceof Sighting.Missing none && seen.isEmpty()) {
      findings.failed(subject, none.what(), none.cure());
    } else if (sighting instanceof Sighting.Missing none) {
      findings.warning(subject, none.what(), none.cure());
    }
  }

  private void account() {
    String subject = "account";
    if (isRefused()) {
      Sighting.Refusal refusal = seen.get(0).account().refusal().orElseThrow();
      findings.failed(
          subject,
          own + ": the KDC says " + refusal.said(),
          KdcErrors.cure(refusal.code(), own).strip());
      return;
    }
    for (Sighting.Seen one : seen) {
      one.account()
          .refusal()
          .ifPresent(
              refusal ->
                  findings.warning(
                      subject,
                      own + ": " + one.kdc() + " says " + refusal.said() + ", and others do not",
                      "Let the databases of the KDCs agree (kprop), or leave that one out."));
    }
    seen.stream()
        .map(Sighting.Seen::account)
        .filter(account -> account.refusal().isEmpty())
        .findFirst()
        .ifPresent(this::known);
  }

  private void known(Account account) {
    if (account.wantsProof()) {
      String types =
          account.etypes().stream().map(KeyType::describe).collect(Collectors.joining(", "));
      findings.ok(
          "account",
          own
              + ": known to the KDC, which wants proof"
              + (types.isEmpty() ? "" : " by a key of " + types));
    } else {
      findings.warning(
          "account",
          own + ": the KDC gives its tickets to anybody, sealed with its key and open to guesses",
          "Demand pre-authentication (kadmin: modprinc +requires_preauth " + own + ").");
    }
  }
}
