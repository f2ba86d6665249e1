// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** The whole shop: authorities, manifests and four running services. */
final class Shop implements AutoCloseable {
  private static final int KEPT_EVENTS = 1000;
  private static final WorkloadBinding BINDING =
      WorkloadBinding.builder().trustDomain(Member.TRUST_DOMAIN).realm(Member.REALM).build();
  private static final Duration REPORT_ONLY = Duration.ofDays(1);

  private final Authorities authorities;
  private final Manifests manifests;
  private final Path folder;
  private final Map<Member, ShopService> services = new EnumMap<>(Member.class);

  private Shop(Authorities authorities, Manifests manifests, Path folder) {
    this.authorities = authorities;
    this.manifests = manifests;
    this.folder = folder;
  }

  /**
   * Opens the shop.
   *
   * @param manifests the cluster's manifests
   * @param folder an empty folder for credentials, manifests and audit logs
   * @param audit hears of every decision, beside the logs
   */
  static Shop open(Path manifests, Path folder, AuditSink audit) throws IOException {
    Authorities authorities = Authorities.start(folder);
    var shop = new Shop(authorities, Manifests.copy(manifests, folder.resolve("k8s")), folder);
    boolean complete = false;
    try {
      authorities.issueKeytab(Member.WEB);
      authorities.issueKeytab(Member.ORDERS);
      for (Member member : Member.values()) {
        authorities.issueCertificate(member);
        shop.start(member, audit);
      }
      complete = true;
      return shop;
    } finally {
      if (!complete) {
        shop.close();
      }
    }
  }

  Authorities authorities() {
    return authorities;
  }

  Manifests manifests() {
    return manifests;
  }

  ShopService service(Member member) {
    ShopService service = services.get(member);
    if (service == null) {
      throw new IllegalStateException(member + " is not running");
    }
    return service;
  }

  @Override
  public void close() {
    services.values().forEach(ShopService::close);
    authorities.close();
  }

  private void start(Member member, AuditSink audit) throws IOException {
    var events = new InMemorySink(KEPT_EVENTS);
    Path log = Files.createDirectories(folder.resolve("audit")).resolve(member + ".jsonl");
    ServiceIdentity identity =
        identity(member).audit(events.and(AuditSink.jsonLines(log)).and(audit)).open();
    services.put(member, ShopService.start(member, identity, events, manifests.port()));
  }

  private ServiceIdentityBuilder identity(Member member) {
    ServiceIdentityBuilder builder =
        ServiceIdentity.builder()
            .mechanism(
                MtlsIdentity.builder()
                    .pemDirectory(authorities.certificates(member))
                    .trustDomain(Member.TRUST_DOMAIN))
            .network(
                KubernetesNetwork.fromManifests(manifests.directory())
                    .ownPod(member.account().namespace(), member.podName())
                    .binding(BINDING)
                    .trustLoopbackPods());
    return switch (member) {
      case WEB -> withKerberos(builder, member).allow(AllowedCallers.nobody());
      case ORDERS ->
          withKerberos(builder, member).allow(AllowedCallers.serviceAccounts("shop/web"));
      case PAYMENTS -> builder.allow(AllowedCallers.serviceAccounts("shop/orders", "shop/batch"));
      case BATCH ->
          builder
              .allow(AllowedCallers.serviceAccounts("finance/payments"))
              .enforcement(Enforcement.reportOnly(Layer.NETWORK, Instant.now().plus(REPORT_ONLY)));
    };
  }

  private ServiceIdentityBuilder withKerberos(ServiceIdentityBuilder builder, Member member) {
    return builder.mechanism(
        KerberosIdentity.builder()
            .principal(member.kerberosPrincipal())
            .keytab(authorities.keytab(member))
            .config(authorities.realm()));
  }
}
