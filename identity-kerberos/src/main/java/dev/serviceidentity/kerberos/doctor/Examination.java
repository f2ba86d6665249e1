// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.ConfSource;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.initiator.CacheLogins;
import dev.serviceidentity.kerberos.initiator.KeytabLogins;
import dev.serviceidentity.kerberos.initiator.NativeLogin;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.DaemonThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One look at everything, from what is near to what is far. Used once. */
public final class Examination {
  private final Patient patient;
  private final Clock clock;
  private final List<PrincipalName> services;
  private final Findings findings;
  private final RandomOctets random = new RandomOctets();

  /**
   * Prepares.
   *
   * @param patient what is looked at
   * @param clock the clock
   * @param services which are called
   * @param progress hears of each finding at once
   */
  public Examination(
      Patient patient, Clock clock, List<PrincipalName> services, Consumer<Finding> progress) {
    this.patient = patient;
    this.clock = clock;
    this.services = services;
    this.findings = new Findings(progress);
  }

  /**
   * Looks, on a thread of its own. Blocks; an interrupt ends it early and stays set.
   *
   * @param limit how long all of it may take
   * @return what was found by then
   */
  public SelfCheck within(Duration limit) {
    var examination = new FutureTask<>(this::run, null);
    Thread thread = DaemonThreads.named("identity-kerberos-doctor").newThread(examination);
    thread.start();
    try {
      examination.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      examination.cancel(true);
      findings.failed(
          "time",
          "after " + Spans.of(limit) + " not everything had been looked at",
          "See the last finding above for what may hang: a file system, the DNS or a KDC.");
    } catch (InterruptedException interrupted) {
      examination.cancel(true);
      findings.failed("time", "interrupted before everything had been looked at", "Look again.");
      Thread.currentThread().interrupt();
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
    return findings.end();
  }

  private void run() {
    Optional<PrincipalName> principal = principal();
    Optional<KeytabFile> keytab = keytab(principal.orElse(null));
    List<KeytabEntry> keys =
        keytab.map(file -> new KeytabLook(file, clock.instant(), findings).run()).orElse(List.of());
    if (patient.source() == null) {
      findings.ok("KDC", "not asked: acceptOnly() needs none");
      return;
    }
    Optional<KerberosConfig> config = config(patient.source());
    if (principal.isEmpty() || config.isEmpty()) {
      return;
    }
    PrincipalName own = principal.get();
    var kdcs = new KdcLook(own, clock, findings);
    List<KdcAddress> answering = kdcs.run(config.get(), random);
    if (answering.isEmpty() && patient.cache() == null) {
      return;
    }
    var client = new KdcClient(config.get().asking(own.realm(), answering), random, clock);
    Optional<NativeLogin> login =
        patient.cache() != null
            ? fromCache(own, client)
            : keytab.filter(file -> !keys.isEmpty()).flatMap(file -> login(file, client, kdcs));
    kdcs.clock(client.clockOffset(), patient.settings().clockSkew());
    if (login.isPresent() && !answering.isEmpty()) {
      var tickets = new TicketLook(client, login.get().granting(), findings, clock, random);
      tickets.realm();
      tickets.toOneself(own, keys);
      services.forEach(tickets::to);
    }
  }

  private Optional<PrincipalName> principal() {
    if (patient.principal() != null || patient.cache() == null) {
      return Optional.ofNullable(patient.principal());
    }
    try {
      return Optional.of(patient.cache().read().client());
    } catch (IdentityException unreadable) {
      findings.failed("credential cache", unreadable);
      return Optional.empty();
    }
  }

  private Optional<KeytabFile> keytab(@Nullable PrincipalName principal) {
    if (patient.keytab() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(patient.keytab().apply(principal));
    } catch (IdentityException unsaid) {
      findings.failed("keytab", unsaid);
      return Optional.empty();
    }
  }

  private Optional<KerberosConfig> config(ConfSource source) {
    try {
      ConfSource.Reading read = source.reading().get();
      findings.ok("configuration", source.title());
      Stream.of(read.warnings(), read.notes())
          .flatMap(List::stream)
          .forEach(
              line -> findings.warning("configuration", line, "Take the line away, or mend it."));
      return Optional.of(read.config());
    } catch (IdentityException wrong) {
      findings.failed("configuration", wrong);
      return Optional.empty();
    }
  }

  private Optional<NativeLogin> fromCache(PrincipalName own, KdcClient client) {
    var cache = Objects.requireNonNull(patient.cache());
    try {
      NativeLogin login = new CacheLogins(cache, own, client, clock).next();
      findings.ok("credential cache", cache.path() + ": " + describe(login));
      cache.exposure().ifPresent(what -> findings.told(Severity.WARNING, "credential cache", what));
      for (String left : cache.read().leftOut()) {
        findings.warning("credential cache", left, "Get that ticket anew, with AES keys.");
      }
      return Optional.of(login);
    } catch (IdentityException failed) {
      findings.failed("credential cache", failed);
      return Optional.empty();
    }
  }

  private Optional<NativeLogin> login(KeytabFile keytab, KdcClient client, KdcLook kdcs) {
    if (kdcs.isRefused()) {
      return Optional.empty();
    }
    try {
      NativeLogin login = new KeytabLogins(keytab, client, clock).next();
      if (login.remark().isEmpty()) {
        findings.ok("login", describe(login));
      } else {
        findings.warning(
            "login",
            describe(login) + "; " + login.remark(),
            "Wait until all KDCs have the new key, or write the KDC's own into the keytab (kadmin:"
                + " ktadd -norandkey -k).");
      }
      return Optional.of(login);
    } catch (IdentityException failed) {
      findings.failed("login", failed);
      return Optional.empty();
    }
  }

  private String describe(NativeLogin login) {
    Instant now = clock.instant();
    return "ticket-granting ticket until "
        + Spans.at(login.expiresAt(), now)
        + login
            .granting()
            .renewableUntil()
            .map(until -> ", renewable until " + Spans.at(until, now))
            .orElse(", not renewable")
        + ", session key "
        + login.granting().sessionKey().type();
  }
}
