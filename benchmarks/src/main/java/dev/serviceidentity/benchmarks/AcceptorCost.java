// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.crypto.Workshop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/**
 * What one caller costs the native acceptor and the JDK's, which are given the same tokens in turn:
 * processor time and bytes of the thread, the best of several rounds. Ours is measured from the
 * header field to the field of the answer, the JDK's from bytes to bytes.
 */
public final class AcceptorCost {
  private static final int ROUNDS = 10;
  private static final int TOKENS = 10_000;

  /** The JDK's is given fewer: it is slower, and what it costs does not fall. */
  private static final int TOKENS_FOR_JGSS = 2_500;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * Who comes, and in which order.
   *
   * @param clients how many clients take turns
   * @param uses how often a ticket is used; the first time it is not in any cache
   * @param mutual whether they want our proof
   * @param shuffled whether tokens of four minutes arrive in any order
   */
  private record Arrival(String name, int clients, int uses, boolean mutual, boolean shuffled) {}

  private static final List<Arrival> ARRIVALS =
      List.of(
          new Arrival("cold, mutual (no hits)", 1000, 1, true, false),
          new Arrival("cold, non-mutual (no hits)", 1000, 1, false, false),
          new Arrival("warm, mutual, 1,000 clients, 90 % hits", 1000, 10, true, false),
          new Arrival("the same, shuffled arrival", 1000, 10, true, true),
          new Arrival("warm, non-mutual, 1,000 clients, 90 % hits", 1000, 10, false, false),
          new Arrival("warm, mutual, 1 client", 1, TOKENS, true, false),
          new Arrival("warm, non-mutual, 1 client", 1, TOKENS, false, false));

  private interface Acceptance {
    boolean accepts(int token) throws GSSException;
  }

  /** The least of several rounds, for one call. */
  private static final class Least {
    private double nanos = Double.MAX_VALUE;
    private double bytes = Double.MAX_VALUE;

    void measure(int calls, Acceptance acceptance) throws GSSException {
      long thread = Thread.currentThread().getId();
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < calls; i++) {
        if (!acceptance.accepts(i)) {
          throw new IllegalStateException("Every token is good");
        }
      }
      nanos = Math.min(nanos, (THREADS.getCurrentThreadCpuTime() - start) / (double) calls);
      allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
      bytes = Math.min(bytes, allocated / (double) calls);
    }
  }

  private final ServiceSecret secret;
  private final KerberosIdentity own;
  private final GSSManager manager = GSSManager.getInstance();
  private final GSSCredential credential;
  private final Workshop workshop = new Workshop();
  private final Random random = new Random(7);

  private AcceptorCost(ServiceSecret secret, KerberosIdentity own)
      throws PrivilegedActionException {
    this.secret = secret;
    this.own = own;
    var owner = new KerberosPrincipal(SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM);
    var key = new KerberosKey(owner, secret.key(), secret.type().number(), 2);
    var subject = new Subject(true, Set.of(owner), Set.of(), Set.of(key));
    PrivilegedExceptionAction<GSSCredential> create =
        () ->
            manager.createCredential(
                null,
                GSSCredential.INDEFINITE_LIFETIME,
                new Oid[] {new Oid("1.2.840.113554.1.2.2"), new Oid("1.3.6.1.5.5.2")},
                GSSCredential.ACCEPT_ONLY);
    this.credential = Subject.doAs(subject, create);
  }

  /**
   * Measures and prints.
   *
   * @param args the encryption type, 17 to 20
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    ServiceSecret secret = ServiceSecret.random(Integer.parseInt(args[0]));
    Path keytab = Files.createTempFile("orders", ".keytab");
    try {
      Files.write(keytab, secret.keytab());
      measure(secret, keytab);
    } finally {
      Files.delete(keytab);
    }
  }

  private static void measure(ServiceSecret secret, Path keytab)
      throws GSSException, IOException, PrivilegedActionException {
    try (var own =
        KerberosIdentity.builder()
            .principal(SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM)
            .keytab(keytab)
            .acceptOnly()
            .open()) {
      var cost = new AcceptorCost(secret, own);
      System.out.printf(
          "etype %d, JDK %s%n", secret.type().number(), System.getProperty("java.version"));
      for (Arrival arrival : ARRIVALS) {
        cost.measure(arrival);
      }
    }
  }

  private void measure(Arrival arrival) throws GSSException {
    var ours = new Least();
    var jgss = new Least();
    for (int round = 0; round < ROUNDS; round++) {
      List<byte[]> tokens = tokens(arrival);
      List<CallerEvidence> fields = tokens.stream().map(AcceptorCost::evidence).toList();
      ours.measure(
          TOKENS, i -> own.callers().verify(fields.get(i)) instanceof Verification.Verified);
      jgss.measure(TOKENS_FOR_JGSS, i -> accepts(tokens.get(i)));
    }
    System.out.printf(
        "| %-42s | %5.2f µs, %,6.0f B | %6.1f µs, %,8.0f B | %5.1f |%n",
        arrival.name,
        ours.nanos / 1000,
        ours.bytes,
        jgss.nanos / 1000,
        jgss.bytes,
        jgss.nanos / ours.nanos);
  }

  private boolean accepts(byte[] token) throws GSSException {
    GSSContext context = manager.createContext(credential);
    try {
      context.acceptSecContext(token, 0, token.length);
      return context.isEstablished() && context.getSrcName() != null;
    } finally {
      context.dispose();
    }
  }

  private List<byte[]> tokens(Arrival arrival) {
    var callers = new ArrayList<SyntheticCaller>();
    for (int i = 0; i < TOKENS / arrival.uses; i++) {
      callers.add(new SyntheticCaller(i % arrival.clients, secret, workshop));
    }
    Instant now = Instant.now();
    Duration apart =
        arrival.shuffled ? Duration.ofMinutes(4).dividedBy(TOKENS) : Duration.ofNanos(1000);
    var tokens = new ArrayList<byte[]>();
    for (int i = 0; i < TOKENS; i++) {
      Instant sent = now.plus(apart.multipliedBy(i));
      tokens.add(callers.get(i % callers.size()).token(sent, arrival.mutual, workshop));
    }
    if (arrival.shuffled) {
      Collections.shuffle(tokens, random);
    }
    return tokens;
  }

  private static CallerEvidence evidence(byte[] token) {
    String field = "Negotiate " + Base64.getEncoder().encodeToString(token);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return CallerEvidence.of(
            new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 8080))
        .headers(Map.of("Authorization", List.of(field)));
  }
}
