// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.crypto.Workshop;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What one caller costs the native acceptor and the JDK's, which are given the same tokens in turn:
 * processor time and bytes of the thread, the best of several rounds. Ours is measured twice: from
 * bytes to bytes, as the JDK's is, and from the header field to the field of the answer.
 */
public final class AcceptorCost {
  private static final int WARM_UP = 2;
  private static final int ROUNDS = 8;
  private static final int TOKENS = 10_000;

  /** The JDK's is given fewer: it is slower, and what it costs does not fall. */
  private static final int TOKENS_FOR_JDK = 2_500;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ServiceSecret secret;
  private final BareAcceptor bare;
  private final KerberosIdentity own;
  private final JdkAcceptor jdk;
  private final Workshop workshop = new Workshop();

  /** The least of several rounds, for one call. */
  private static final class Least {
    private double nanos = Double.MAX_VALUE;
    private double bytes = Double.MAX_VALUE;

    void measure(int calls, IntPredicate accepts) {
      long thread = Thread.currentThread().getId();
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < calls; i++) {
        if (!accepts.test(i)) {
          throw new IllegalStateException("Every token is good");
        }
      }
      nanos = Math.min(nanos, (THREADS.getCurrentThreadCpuTime() - start) / (double) calls);
      allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
      bytes = Math.min(bytes, allocated / (double) calls);
    }

    @Override
    public String toString() {
      return String.format("%.2f µs, %.1f kB", nanos / 1000, bytes / 1000);
    }
  }

  private AcceptorCost(
      ServiceSecret secret, BareAcceptor bare, KerberosIdentity own, JdkAcceptor jdk) {
    this.secret = secret;
    this.bare = bare;
    this.own = own;
    this.jdk = jdk;
  }

  /**
   * Measures and prints a table.
   *
   * @param args the encryption type, 17 to 20; then the first letters of what to measure, or
   *     nothing for all
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    ServiceSecret secret = ServiceSecret.random(Integer.parseInt(args[0]));
    List<Arrival> arrivals =
        Arrival.ALL.stream()
            .filter(arrival -> args.length < 2 || arrival.name().startsWith(args[1]))
            .toList();
    Path keytab = Files.createTempFile("orders", ".keytab");
    Files.write(keytab, secret.keytab());
    String principal = SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM;
    try (var own =
        KerberosIdentity.builder().principal(principal).keytab(keytab).acceptOnly().open()) {
      var bare = BareAcceptor.open(keytab, principal);
      var cost = new AcceptorCost(secret, bare, own, new JdkAcceptor(secret));
      // Nobody is to be measured while the code is still being compiled.
      arrivals.forEach(arrival -> cost.row(arrival, WARM_UP));
      System.out.printf(
          "%n| etype %s, JDK %s | bytes to bytes | field to field | JGSS, bytes to bytes |"
              + " ratio, bytes | ratio, field |%n|---|---|---|---|---|---|%n",
          args[0], System.getProperty("java.version"));
      arrivals.forEach(arrival -> System.out.println(cost.row(arrival, ROUNDS)));
    } finally {
      Files.delete(keytab);
    }
  }

  private String row(Arrival arrival, int rounds) {
    var bytes = new Least();
    var fields = new Least();
    var jgss = new Least();
    for (int round = 0; round < rounds; round++) {
      List<byte[]> tokens = arrival.tokens(TOKENS, secret, workshop);
      List<CallerEvidence> evidence = tokens.stream().map(AcceptorCost::evidence).toList();
      bytes.measure(TOKENS, i -> bare.accepts(tokens.get(i)));
      fields.measure(
          TOKENS, i -> own.callers().verify(evidence.get(i)) instanceof Verification.Verified);
      jgss.measure(TOKENS_FOR_JDK, i -> jdk.accepts(tokens.get(i)));
    }
    return String.format(
        "| %s | %s | %s | %s | %.1f | %.1f |",
        arrival.name(), bytes, fields, jgss, jgss.nanos / bytes.nanos, jgss.nanos / fields.nanos);
  }

  private static CallerEvidence evidence(byte[] token) {
    String field = "Negotiate " + Base64.getEncoder().encodeToString(token);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return CallerEvidence.of(
            new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 8080))
        .headers(Map.of("Authorization", List.of(field)));
  }
}
