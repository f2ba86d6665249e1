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
public final class Shop implements AutoCloseable {
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
   * @param starters of services that do not run on the JDK's own HTTPS server
   */
  public static Shop open(
      Path manifests, Path folder, AuditSink audit, Map<Member, ShopService.Starter> starters)
      throws IOException {
    Authorities authorities = Authorities.start(folder);
    var shop = new Shop(authorities, Manifests.copy(manifests, folder.resolve("k8s")), folder);
    boolean complete = false;
    try {
      authorities.issueKeytab(Member.WEB);
      authorities.issueKeytab(Member.ORDERS);
      for (Member member : Member.values()) {
        authorities.issueCertificate(member);
        Place place = shop.place(member, audit);
        ShopService.Starter starter = starters.get(member);
        shop.services.put(
            member,
            starter == null
                ? HttpsShopService.start(place, identity(place).open())
                : starter.start(place));
      }
      complete = true;
      return shop;
    } finally {
      if (!complete) {
        shop.close();
      }
    }
  }

  /** The KDC and the certificate authority. */
  public Authorities authorities() {
    return authorities;
  }

  /** The cluster that the services see. */
  public Manifests manifests() {
    return manifests;
  }

  /** A service that runs. */
  public ShopService service(Member member) {
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

  private Place place(Member member, AuditSink audit) throws IOException {
    Path log = Files.createDirectories(folder.resolve("audit")).resolve(member + ".jsonl");
    return new Place(
        member,
        authorities,
        manifests,
        new InMemorySink(KEPT_EVENTS),
        AuditSink.jsonLines(log).and(audit));
  }

  private static ServiceIdentityBuilder identity(Place place) {
    Member member = place.member();
    ServiceIdentityBuilder builder =
        ServiceIdentity.builder()
            .mechanism(
                MtlsIdentity.builder()
                    .pemDirectory(place.certificates())
                    .trustDomain(Member.TRUST_DOMAIN))
            .network(
                KubernetesNetwork.fromManifests(place.manifests().directory())
                    .ownPod(member.account().namespace(), member.podName())
                    .binding(BINDING)
                    .trustLoopbackPods())
            .audit(place.audit());
    return switch (member) {
      case WEB -> withKerberos(builder, place).allow(AllowedCallers.nobody());
      case ORDERS -> withKerberos(builder, place).allow(AllowedCallers.serviceAccounts("shop/web"));
      case PAYMENTS -> builder.allow(AllowedCallers.serviceAccounts("shop/orders", "shop/batch"));
      case BATCH ->
          builder
              .allow(AllowedCallers.serviceAccounts("finance/payments"))
              .enforcement(Enforcement.reportOnly(Layer.NETWORK, Instant.now().plus(REPORT_ONLY)));
    };
  }

  private static ServiceIdentityBuilder withKerberos(ServiceIdentityBuilder builder, Place place) {
    return builder.mechanism(
        KerberosIdentity.builder()
            .principal(place.member().kerberosPrincipal())
            .keytab(place.keytab())
            .config(place.authorities().realm()));
  }
}
