// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.benchmarks.FilterWorld.Proof;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one thread spends on one admitted request of a known caller by mTLS, with all that the guard
 * does, and what the audit's thread spends on its line.
 */
public final class AdmitCost {
  private static final int PORT = 8443;
  private static final int CALLS = 10_000;
  private static final int TURNS = 40;

  private final List<X509Certificate> chain;
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final InetSocketAddress web = new InetSocketAddress(FilterWorld.WEB_ADDRESS, 40000);
  private final InetSocketAddress orders = new InetSocketAddress(FilterWorld.ORDERS_ADDRESS, PORT);
  private final AccessRule rule = AccessRule.usual().require(MechanismName.MTLS);
  private final PathRules rules =
      PathRules.builder()
          .publicPath("/health")
          .path("/admin/**", AccessRule.usual().allow(AllowedCallers.serviceAccounts("shop/batch")))
          .path("/orders/**", rule)
          .build();

  private AdmitCost(List<X509Certificate> chain) {
    this.chain = chain;
    fields.put("Host", List.of("orders.shop:8443"));
    fields.put("User-Agent", List.of("Java-http-client/17"));
    fields.put("Accept", List.of("application/json"));
    fields.put("Accept-Encoding", List.of("gzip"));
    fields.put("Content-Type", List.of("application/json"));
  }

  /**
   * Measures and prints.
   *
   * @param args the root of the sources
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("admit-cost");
    var world = new FilterWorld(directory);
    DevelopmentCa ca = DevelopmentCa.create(FilterWorld.DOMAIN, Clock.systemUTC());
    ca.issue(FilterCaller.template("orders")).writeTo(world.files("orders"));
    IssuedCertificate web = ca.issue(FilterCaller.template("web"));
    ServerProcess.declare(PORT, Path.of(args[0], "samples/shop/k8s"), world.manifests());
    new AdmitCost(web.chain()).measure(world);
    FilterOverhead.delete(directory);
  }

  private void measure(FilterWorld world) throws Exception {
    try (ServiceIdentity identity = world.open(Proof.MTLS, event -> {});
        AuditSink lines = AuditSink.jsonLines(Path.of("/dev/null"))) {
      CallerEvidence brought = evidence();
      AccessEvent event = eventOf(world);
      new Turns(CALLS)
          .add("admit", () -> identity.admit(brought, rule) instanceof Admitted)
          .add("evidence", () -> evidence().local().getPort() == PORT)
          .add("path rules", () -> rules.ruleOn("/orders/7").orElseThrow() == rule)
          .add("a line of the audit, not to a disk", () -> accepts(lines, event))
          .take(20, TURNS)
          .print("one admitted request");
    }
  }

  private AccessEvent eventOf(FilterWorld world) {
    var sink = new InMemorySink(1);
    try (ServiceIdentity identity = world.open(Proof.MTLS, sink)) {
      identity.admit(evidence(), rule);
    }
    return sink.events().get(0);
  }

  private static boolean accepts(AuditSink lines, AccessEvent event) {
    lines.accept(event);
    return true;
  }

  private CallerEvidence evidence() {
    return CallerEvidence.of(web, orders)
        .headers(fields)
        .peerCertificates(chain)
        .channelBindings(List.of())
        .request("GET", "/orders/7");
  }
}
