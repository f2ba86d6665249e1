// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.testkit.FakeMechanism;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A shop's authority and the services that have its certificates; closes them. */
public final class CertifiedShop implements AutoCloseable {
  private static final String ACCOUNTS = "spiffe://shop.example/ns/shop/sa/";

  private static final Duration LONG = Duration.ofDays(30);

  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
  private final InMemorySink events = new InMemorySink(1000);
  private final Deque<ServiceIdentity> open = new ArrayDeque<>();
  private final Path folder;

  public CertifiedShop(Path folder) {
    this.folder = folder;
  }

  /** What the identities have decided. */
  public InMemorySink events() {
    return events;
  }

  /** A service that lets {@code web} call it, and calls whoever the authority knows by the name. */
  public ServiceIdentity service(String name) {
    return service(name, builder -> builder);
  }

  /** The same, that has Kerberos besides. */
  public ServiceIdentity serviceWithKerberos(String name) {
    return service(
        name,
        builder -> builder.mechanism(FakeMechanism.of("kerberos:HTTP/" + name + "@SHOP.EXAMPLE")));
  }

  /** A service that goes by its DNS name, and knows others by theirs. */
  public ServiceIdentity byDnsName(String name) {
    ca.issue(LeafTemplate.dnsName(name).lifetime(LONG)).writeTo(files(name));
    return open(
        ServiceIdentity.builder()
            .mechanism(
                MtlsIdentity.builder()
                    .pemDirectory(files(name))
                    .trustDomain("shop.example")
                    .dnsNames()));
  }

  /** A service whose certificate is of an authority that calls itself by the same name. */
  public ServiceIdentity stranger(String name) {
    DevelopmentCa other = DevelopmentCa.create("shop.example", Clock.systemUTC());
    issue(other, name).trusting(List.of(ca.certificate())).writeTo(files(name));
    return open(ServiceIdentity.builder().mechanism(mtls(name)));
  }

  /** Gives a service a new certificate; returns its serial number when it is in use. */
  public BigInteger rotate(ServiceIdentity service, String name) throws InterruptedException {
    return rotate(service, name, issue(ca, name));
  }

  /** Lets a service trust another authority than that of its callers. */
  public void trustAnotherAuthority(ServiceIdentity service, String name)
      throws InterruptedException {
    DevelopmentCa next = DevelopmentCa.create("shop.example", Clock.systemUTC());
    rotate(service, name, issue(ca, name).trusting(List.of(next.certificate())));
  }

  @Override
  public void close() {
    open.forEach(ServiceIdentity::close);
  }

  private ServiceIdentity service(String name, UnaryOperator<ServiceIdentityBuilder> more) {
    issue(ca, name).writeTo(files(name));
    return open(more.apply(ServiceIdentity.builder().mechanism(mtls(name))));
  }

  private ServiceIdentity open(ServiceIdentityBuilder builder) {
    ServiceIdentity identity =
        builder
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .audit(events)
            .open();
    open.push(identity);
    return identity;
  }

  private MtlsIdentityBuilder mtls(String name) {
    return MtlsIdentity.builder().pemDirectory(files(name)).trustDomain("shop.example");
  }

  private BigInteger rotate(ServiceIdentity service, String name, IssuedCertificate next)
      throws InterruptedException {
    BlockingQueue<IdentitySnapshot> rotations = new LinkedBlockingQueue<>();
    try (var subscription = service.subscribe(new Rotations(rotations))) {
      next.writeTo(files(name));
      if (rotations.poll(60, TimeUnit.SECONDS) == null) {
        throw new AssertionError("The new certificate is not used, though " + subscription);
      }
    }
    return next.chain().get(0).getSerialNumber();
  }

  private static IssuedCertificate issue(DevelopmentCa authority, String name) {
    return authority.issue(LeafTemplate.spiffe(ACCOUNTS + name).ip("127.0.0.1").lifetime(LONG));
  }

  private Path files(String name) {
    return folder.resolve(name);
  }

  private record Rotations(BlockingQueue<IdentitySnapshot> heard) implements IdentityListener {
    @Override
    public void onRotated(IdentitySnapshot current) {
      heard.add(current);
    }
  }
}
