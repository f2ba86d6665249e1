// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.BareInitiators;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What one token for a service costs the native initiator and the JDK's, which have the same ticket
 * and take turns, and what the service's answer costs: processor time and bytes of the thread, the
 * best of several rounds. From a target to the header field, and from the response's fields to what
 * they prove.
 */
public final class InitiatorCost {
  private static final int ROUNDS = 20;
  private static final int CALLS = 10_000;
  private static final int ANSWERS = 2_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Target ORDERS = Target.of(URI.create("https://orders.shop"));
  private static final Target BOUND =
      ORDERS.channelBinding(
          ChannelBinding.of(
              ("tls-server-end-point:" + "x".repeat(32)).getBytes(StandardCharsets.US_ASCII)));

  /** The least of several rounds, for one call. */
  private static final class Least {
    private double nanos = Double.MAX_VALUE;
    private double bytes = Double.MAX_VALUE;

    void measure(int calls, IntPredicate call) {
      long thread = Thread.currentThread().getId();
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < calls; i++) {
        if (!call.test(i)) {
          throw new IllegalStateException("Every call succeeds");
        }
      }
      nanos = Math.min(nanos, (THREADS.getCurrentThreadCpuTime() - start) / (double) calls);
      allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
      bytes = Math.min(bytes, allocated / (double) calls);
    }
  }

  private final KerberosIdentity service;
  private final Function<Target, RequestCredentials> ours;
  private final Function<Target, RequestCredentials> jdks;

  private InitiatorCost(KerberosIdentity service, Ticket ticket) {
    this.service = service;
    this.ours = BareInitiators.ours(ticket);
    this.jdks = BareInitiators.jdks(ticket);
  }

  /**
   * Measures and prints.
   *
   * @param args the encryption type, 17 to 20
   * @throws IOException if the keytab cannot be written
   */
  public static void main(String[] args) throws IOException {
    ServiceSecret secret = ServiceSecret.random(Integer.parseInt(args[0]));
    Path keytab = Files.createTempFile("orders", ".keytab");
    try {
      Files.write(keytab, secret.keytab());
      measure(secret, keytab);
    } finally {
      Files.delete(keytab);
    }
  }

  private static void measure(ServiceSecret secret, Path keytab) {
    Ticket ticket = new SyntheticCaller(1, secret, new Workshop()).heldBy(1);
    try (var service =
        KerberosIdentity.builder()
            .principal(SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM)
            .keytab(keytab)
            .acceptOnly()
            .open()) {
      var cost = new InitiatorCost(service, ticket);
      System.out.printf(
          "etype %d, JDK %s%n", secret.type().number(), System.getProperty("java.version"));
      cost.tokens("token in SPNEGO", ORDERS);
      cost.tokens("bare token", ORDERS.withoutSpnego());
      cost.tokens("token in SPNEGO, bound", BOUND);
      cost.answers();
    }
  }

  private void tokens(String name, Target target) {
    var own = new Least();
    var jgss = new Least();
    for (int round = 0; round < ROUNDS; round++) {
      own.measure(CALLS, i -> applies(ours.apply(target)));
      jgss.measure(CALLS, i -> applies(jdks.apply(target)));
    }
    print(name, own, jgss);
  }

  private void answers() {
    var own = new Least();
    var jgss = new Least();
    for (int round = 0; round < ROUNDS; round++) {
      own.measure(ANSWERS, proofs(ours));
      jgss.measure(ANSWERS, proofs(jdks));
    }
    print("answer, verified", own, jgss);
  }

  /** Requests that have been answered; the i-th call judges the i-th answer. */
  private IntPredicate proofs(Function<Target, RequestCredentials> initiator) {
    List<RequestCredentials> requests =
        IntStream.range(0, ANSWERS).mapToObj(i -> initiator.apply(ORDERS)).toList();
    List<Map<String, List<String>>> answers = requests.stream().map(this::answer).toList();
    return i -> requests.get(i).verifyReply(200, answers.get(i)) instanceof Reply.Complete;
  }

  private Map<String, List<String>> answer(RequestCredentials request) {
    var sent = new HashMap<String, List<String>>();
    request.applyTo((name, value) -> sent.put(name, List.of(value)));
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var evidence =
        CallerEvidence.of(
                new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 8443))
            .headers(sent);
    var answered = new HashMap<String, List<String>>();
    var verified = (Verification.Verified) service.callers().verify(evidence);
    verified.applyTo((name, value) -> answered.put(name, List.of(value)));
    return answered;
  }

  private static boolean applies(RequestCredentials credentials) {
    int[] length = new int[1];
    credentials.applyTo((name, value) -> length[0] = value.length());
    return length[0] > 100;
  }

  private static void print(String name, Least own, Least jgss) {
    System.out.printf(
        "| %-24s | %5.2f µs, %,6.0f B | %6.1f µs, %,8.0f B | %5.1f |%n",
        name, own.nanos / 1000, own.bytes, jgss.nanos / 1000, jgss.bytes, jgss.nanos / own.nanos);
  }
}
