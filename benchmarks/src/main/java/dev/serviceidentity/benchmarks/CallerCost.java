// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mtls.BareRules;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSession;

/**
 * What it costs to say at a request who the peer of its connection is: one whom the handshake or an
 * earlier request has verified, and one whom nobody has under the trust that is in force.
 */
public final class CallerCost {
  private static final int TURNS = 200;

  /** More than certificates are kept by the JDK's factory, which would know their signatures. */
  private static final int CALLERS = 1_000;

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final TlsWorld world;
  private final CallerVerifier callers;
  private final SSLSession session;
  private final List<byte[]> encoded = new ArrayList<>();
  private final CertificateFactory factory = CertificateFactory.getInstance("X.509");
  private int next;

  private CallerCost(TlsWorld world) throws Exception {
    var contexts = world.ours(builder -> builder);
    this.world = world;
    this.callers = world.server().callers();
    this.session =
        new MemoryConnection()
            .handshake(contexts.client(), contexts.server(), "TLSv1.3")
            .server()
            .getSession();
    for (int i = 0; i < CALLERS; i++) {
      encoded.add(world.issue("caller-" + i).chain().get(0).getEncoded());
    }
  }

  /**
   * Measures and prints.
   *
   * @param args none
   * @throws Exception if the handshake fails
   */
  public static void main(String[] args) throws Exception {
    try (var world = new TlsWorld()) {
      var cost = new CallerCost(world);
      cost.known();
      cost.unknown();
    }
  }

  private void known() throws Exception {
    CallerEvidence evidence = evidence().tlsSession(session);
    var many = new ArrayList<CallerEvidence>();
    for (int i = 0; i < CALLERS; i++) {
      many.add(evidence().peerCertificates(List.of(leaf())));
    }
    new Turns(20_000)
        .add("verify", () -> accepts(callers, evidence))
        .add("verify, 1,000 callers in turn", () -> accepts(callers, many.get(++next % CALLERS)))
        .add(
            "evidence from the session, and verify",
            () -> accepts(callers, evidence().tlsSession(session)))
        .add("the names by the JDK, nothing verified", () -> namesByJdk(session))
        .take(50, TURNS)
        .print("a known caller");
  }

  private void unknown() throws Exception {
    var rules = new BareRules(TlsWorld.DOMAIN, world.issue("orders"));
    CallerVerifier forgetful = rules.forgetful();
    CallerEvidence evidence = evidence().tlsSession(session);
    X509Certificate leaf = evidence.peerCertificates().get(0);
    new Turns(200)
        .add("all rules, the signature known to the JDK", () -> accepts(forgetful, evidence))
        .add("of these, the rules for the leaf", () -> !rules.identify(leaf).name().isEmpty())
        .add(
            "parsing, and all rules with the signature",
            () -> accepts(forgetful, evidence().peerCertificates(List.of(leaf()))))
        .add("parsing, and the signature alone", () -> isSigned(leaf()))
        .add("parsing alone", () -> leaf().getVersion() == 3)
        .take(10, TURNS / 2)
        .print("an unknown caller");
  }

  private X509Certificate leaf() throws GeneralSecurityException {
    return (X509Certificate)
        factory.generateCertificate(new ByteArrayInputStream(encoded.get(++next % CALLERS)));
  }

  private boolean isSigned(X509Certificate leaf) throws GeneralSecurityException {
    leaf.verify(world.ca.certificate().getPublicKey());
    return true;
  }

  private static boolean accepts(CallerVerifier verifier, CallerEvidence evidence) {
    return verifier.verify(evidence) instanceof Verification.Verified;
  }

  private static boolean namesByJdk(SSLSession session) throws Exception {
    return ((X509Certificate) session.getPeerCertificates()[0])
        .getSubjectAlternativeNames()
        .iterator()
        .next()
        .get(1)
        .toString()
        .startsWith("spiffe:");
  }

  private static CallerEvidence evidence() {
    return CallerEvidence.of(
        new InetSocketAddress(LOOPBACK, 40000), new InetSocketAddress(LOOPBACK, 8443));
  }
}
