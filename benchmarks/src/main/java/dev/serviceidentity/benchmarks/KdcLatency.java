// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.mechanism.Target;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.security.auth.Subject;

/**
 * How long a login and a ticket for a service take with a KDC, by the native client and by the
 * JDK's, which take turns: by the wall clock, most of which is the KDC's own, and in processor time
 * of the calling thread.
 */
public final class KdcLatency {
  private static final int WARM_UP = 500;
  private static final int CALLS = 1_000;
  private static final Target SERVICE = BenchRealm.services().get(0);
  private static final PrincipalName SERVICE_NAME =
      PrincipalName.parse("HTTP/s0.test@BENCH.EXAMPLE");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** One way of doing it, and how long each call has taken. */
  private static final class Way {
    private final String name;
    private final Supplier<?> call;
    private final double[] wall = new double[CALLS];
    private final double[] processor = new double[CALLS];

    Way(String name, Supplier<?> call) {
      this.name = name;
      this.call = call;
    }

    void measure(int index) {
      long processorStart = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      Object result = call.get();
      long end = System.nanoTime();
      long processorEnd = THREADS.getCurrentThreadCpuTime();
      if (result == null) {
        throw new IllegalStateException("Every call succeeds");
      }
      if (index >= 0) {
        wall[index] = (end - start) / 1e6;
        processor[index] = (processorEnd - processorStart) / 1e6;
      }
    }

    void print() {
      Arrays.sort(wall);
      Arrays.sort(processor);
      System.out.printf(
          "| %s | %.2f ms | %.2f ms | %.2f ms | %.2f ms |%n",
          name,
          wall[CALLS / 2],
          wall[CALLS * 99 / 100],
          processor[CALLS / 2],
          processor[CALLS * 99 / 100]);
    }
  }

  private final BenchRealm realm;
  private final RandomOctets random = new RandomOctets(new SecureRandom());

  private KdcLatency(BenchRealm realm) {
    this.realm = realm;
  }

  /**
   * Measures and prints.
   *
   * @param args the directory of the realm
   */
  public static void main(String[] args) {
    var latency = new KdcLatency(new BenchRealm(Path.of(args[0])));
    System.out.printf(
        "%n| JDK %s, %d calls each | wall, median | p99 | processor, median | p99 |%n"
            + "|---|---|---|---|---|%n",
        System.getProperty("java.version"), CALLS);
    latency.logins();
    latency.tickets();
  }

  private void logins() {
    Supplier<Ticket> known = ours(client());
    var jdk = new JdkLogin(BenchRealm.WEB.toString(), realm.keytab());
    takeTurns(
        new Way("login, native, as it is refreshed", known),
        new Way("login, native, the first of a client", () -> ours(client()).get()),
        new Way("login, JDK", jdk::login));
  }

  private void tickets() {
    KdcClient client = client();
    Ticket granting = ours(client).get();
    Subject login = new JdkLogin(BenchRealm.WEB.toString(), realm.keytab()).login();
    takeTurns(
        new Way(
            "ticket for a service and a token, native",
            () -> BareInitiators.ours(client.ticket(granting, SERVICE_NAME)).apply(SERVICE)),
        new Way(
            "ticket for a service and a token, JGSS",
            () -> BareInitiators.jdks(JdkLogin.fresh(login), BenchRealm.WEB).apply(SERVICE)));
  }

  private static void takeTurns(Way... ways) {
    for (int i = -WARM_UP; i < CALLS; i++) {
      for (Way way : ways) {
        way.measure(i);
      }
    }
    List.of(ways).forEach(Way::print);
  }

  private KdcClient client() {
    return new KdcClient(realm.config(Duration.ofHours(10)), random, Clock.systemUTC());
  }

  private Supplier<Ticket> ours(KdcClient client) {
    return BareInitiators.logins(client, realm.keytab(), BenchRealm.WEB);
  }
}
