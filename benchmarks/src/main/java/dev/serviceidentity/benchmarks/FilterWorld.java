// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * The shop's services orders, which is called, and web, which calls: their files in one directory,
 * which the measuring process makes and the servers read.
 */
record FilterWorld(Path directory) {
  static final String DOMAIN = "shop.example";
  static final String REALM = "SHOP.EXAMPLE";
  static final String ORDERS = "HTTP/orders.shop";
  static final String WEB = "HTTP/web.shop";

  /** The addresses that the manifests of samples/shop give the two pods. */
  static final String ORDERS_ADDRESS = "127.10.0.3";

  static final String WEB_ADDRESS = "127.10.0.2";

  /** The usual skew, and room for a caller who sends some 20,000 tokens a second all the while. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int TOKENS_OF_ONE_CLIENT = 8_000_000;

  /** How callers prove who they are. */
  enum Proof {
    MTLS("mTLS on both sides", MechanismName.MTLS, true),
    KERBEROS("Kerberos token on each request, over TLS, bound to it", MechanismName.KERBEROS, true),
    KERBEROS_IN_CLEAR("Kerberos token on each request, without TLS", MechanismName.KERBEROS, false);

    final String title;
    final MechanismName mechanism;
    final boolean overTls;

    Proof(String title, MechanismName mechanism, boolean overTls) {
      this.title = title;
      this.mechanism = mechanism;
      this.overTls = overTls;
    }
  }

  Path files(String service) {
    return directory.resolve(service);
  }

  Path keytab(String service) {
    return directory.resolve(service + ".keytab");
  }

  Path manifests() {
    return directory.resolve("k8s");
  }

  Path audit(int port) {
    return directory.resolve("audit-" + port + ".jsonl");
  }

  /** With all that the guard does. */
  ServiceIdentity open(Proof proof, AuditSink sink) {
    ServiceIdentityBuilder builder = ServiceIdentity.builder();
    if (proof.overTls) {
      builder.mechanism(MtlsIdentity.builder().pemDirectory(files("orders")).trustDomain(DOMAIN));
    }
    if (proof != Proof.MTLS) {
      builder.mechanism(
          KerberosIdentity.builder()
              .principal(ORDERS + "@" + REALM)
              .keytab(keytab("orders"))
              .acceptOnly()
              .channelBindings(
                  proof.overTls ? ChannelBindingPolicy.REQUIRE : ChannelBindingPolicy.IF_PRESENT)
              .replayStore(
                  ReplayStore.inMemory(Clock.systemUTC(), SKEW, 16 * TOKENS_OF_ONE_CLIENT)));
    }
    return builder
        .network(
            KubernetesNetwork.fromManifests(manifests())
                .trustLoopbackPods()
                .ownPod("shop", "orders-0")
                .binding(WorkloadBinding.builder().trustDomain(DOMAIN).realm(REALM).build()))
        .allow(AllowedCallers.serviceAccounts("shop/web", "shop/batch"))
        .audit(sink)
        .open();
  }
}
