// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
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

  private static final Target ORDERS = Target.of(URI.create("https://orders.shop"));
  private static final Target BOUND =
      ORDERS.channelBinding(
          ChannelBinding.of(
              ("tls-server-end-point:" + "x".repeat(32)).getBytes(StandardCharsets.US_ASCII)));

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
      Cost.printHead("etype " + secret.type().number());
      cost.tokens("token in SPNEGO", ORDERS);
      cost.tokens("bare token", ORDERS.withoutSpnego());
      cost.tokens("token in SPNEGO, bound", BOUND);
      cost.answers();
    }
  }

  private void tokens(String name, Target target) {
    var own = new Cost();
    var jgss = new Cost();
    for (int round = 0; round < ROUNDS; round++) {
      own.measure(CALLS, i -> Cost.applies(ours.apply(target)));
      jgss.measure(CALLS, i -> Cost.applies(jdks.apply(target)));
    }
    Cost.print(name, own, jgss);
  }

  private void answers() {
    var own = new Cost();
    var jgss = new Cost();
    for (int round = 0; round < ROUNDS; round++) {
      own.measure(ANSWERS, proofs(ours));
      jgss.measure(ANSWERS, proofs(jdks));
    }
    Cost.print("answer, verified", own, jgss);
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
}
