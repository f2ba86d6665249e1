// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.initiator.ManyTickets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What tickets for 200 services ask of a KDC and of the JVM: demanded for the first time by 64
 * threads at once, replaced when all of them are due at once, and replaced as they come to be due,
 * second by second of a clock that is put ahead.
 */
public final class RefreshOfMany {
  /** What a footprint is taken of. */
  private interface Work {
    void run() throws Exception;
  }

  private static final int ROUNDS = 10;
  private static final int CALLERS = 64;
  private static final Duration LIFE = Duration.ofHours(10);

  /** Before anything is due, after all is, and when the login is refreshed. */
  private static final Duration EARLY = Duration.ofMinutes(445);

  private static final Duration LATE = Duration.ofMinutes(515);
  private static final Duration LOGIN_DUE = LIFE.multipliedBy(4).dividedBy(5);

  private final BenchRealm realm;
  private final RandomOctets random = new RandomOctets(new SecureRandom());
  private final List<PrincipalName> services =
      BenchRealm.services().stream()
          .map(target -> PrincipalName.parse("HTTP/" + target.host() + "@" + BenchRealm.REALM))
          .toList();
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

  private RefreshOfMany(BenchRealm realm) {
    this.realm = realm;
  }

  /**
   * Measures and prints.
   *
   * @param args the directory of the realm
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    var many = new RefreshOfMany(new BenchRealm(Path.of(args[0])));
    try {
      many.run();
    } finally {
      many.callers.shutdown();
    }
  }

  private void run() throws Exception {
    System.out.printf(
        "%n| %d services, JDK %s, median of %d | time, longest | requests | at once | threads more"
            + " | heap, peak | heap, kept |%n|---|---|---|---|---|---|---|%n",
        services.size(), System.getProperty("java.version"), ROUNDS);
    // Whoever calls, and what is loaded once, is no part of it.
    try (var tickets = tickets(new ClockAhead())) {
      demand(tickets);
    }
    var first = new Footprint[ROUNDS];
    var again = new Footprint[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      var clock = new ClockAhead();
      try (var tickets = tickets(clock)) {
        first[round] = footprint(tickets, () -> demand(tickets));
        clock.advance(LATE);
        use(tickets);
        tickets.login(login(Duration.ofDays(1)));
        again[round] = footprint(tickets, tickets::refresh);
      }
    }
    Footprint.print("first demanded, by " + CALLERS + " threads", first);
    Footprint.print("all replaced at once", again);
    asTheyComeToBeDue();
  }

  /** Each second of the time in which an identity replaces its login and its tickets. */
  private void asTheyComeToBeDue() throws Exception {
    var clock = new ClockAhead();
    try (var tickets = tickets(clock)) {
      demand(tickets);
      long before = realm.requests("TGS");
      clock.advance(EARLY);
      Ticket newer = login(Duration.ofDays(1));
      var inSecond = new ArrayList<Integer>();
      int ended = tickets.await();
      for (Duration at = EARLY; at.compareTo(LATE) < 0; at = at.plusSeconds(1)) {
        clock.advance(Duration.ofSeconds(1));
        use(tickets);
        if (at.equals(LOGIN_DUE)) {
          tickets.login(newer);
        }
        tickets.refresh();
        int now = tickets.await();
        inSecond.add(now - ended);
        ended = now;
      }
      inSecond.sort(Comparator.reverseOrder());
      System.out.printf(
          "%n| as they come to be due | requests | seconds with any | in the busiest | in the next"
              + " |%n|---|---|---|---|---|%n| tickets of %d h, login replaced after %d h | %d | %d"
              + " | %d | %d |%n",
          LIFE.toHours(),
          LOGIN_DUE.toHours(),
          realm.requests("TGS") - before,
          inSecond.stream().filter(count -> count > 0).count(),
          inSecond.get(0),
          inSecond.get(1));
    }
  }

  private Footprint footprint(ManyTickets tickets, Work work) throws Exception {
    long asked = realm.requests("TGS");
    var before = Footprint.Jvm.quiet();
    long start = System.nanoTime();
    work.run();
    tickets.await();
    double millis = (System.nanoTime() - start) / 1e6;
    return before.until(millis, realm.requests("TGS") - asked, tickets.most());
  }

  private ManyTickets tickets(Clock clock) {
    var tickets = new ManyTickets(client(Duration.ofDays(1)), clock);
    tickets.login(login(LIFE));
    return tickets;
  }

  private void demand(ManyTickets tickets) throws InterruptedException, ExecutionException {
    List<Callable<Object>> all =
        services.stream().<Callable<Object>>map(name -> () -> tickets.ticketFor(name)).toList();
    for (Future<Object> one : callers.invokeAll(all)) {
      one.get();
    }
  }

  private void use(ManyTickets tickets) {
    services.forEach(tickets::ticketFor);
  }

  private Ticket login(Duration life) {
    return BareInitiators.logins(client(life), realm.keytab(), BenchRealm.WEB).get();
  }

  private KdcClient client(Duration life) {
    return new KdcClient(realm.config(life), random, Clock.systemUTC());
  }
}
