// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.testkit.TestClock;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An authority, the service {@code orders}, which lets {@code web} call it, and clients of it. */
final class Shop implements AutoCloseable {
  private static final String ACCOUNTS = "spiffe://shop.example/ns/shop/sa/";
  private static final Duration LONG = Duration.ofDays(30);

  final TestClock clock = TestClock.at(Clock.systemUTC());
  final InMemorySink events = new InMemorySink(1000);
  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", clock);
  private final BlockingQueue<IdentitySnapshot> rotations = new LinkedBlockingQueue<>();
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final Path folder;

  Shop(Path folder) {
    this.folder = folder;
  }

  /** The service, with a certificate that is valid for a month as everybody's. */
  ServiceIdentity orders() {
    issue(ca, "orders").writeTo(files("orders"));
    ServiceIdentity orders =
        ServiceIdentity.builder()
            .mechanism(builder("orders"))
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .audit(events)
            .clock(clock)
            .open();
    open.push(orders::close);
    orders.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            rotations.add(current);
          }
        });
    return orders;
  }

  /** A client with a certificate of the shop's authority, which expects {@code orders}. */
  MtlsIdentity client(String name) {
    issue(name);
    return open(builder(name));
  }

  /** The client {@code web}, which expects another server. */
  MtlsIdentity clientOf(String server) {
    issue("web");
    return open(builder("web").servers(name -> name.nativeName().equals(ACCOUNTS + server)));
  }

  /** Writes a new certificate for a client. */
  void issue(String name) {
    issue(ca, name).writeTo(files(name));
  }

  /** A client with a certificate of an authority that calls itself by the same name. */
  MtlsIdentity stranger() {
    issue(DevelopmentCa.create("shop.example", clock), "web")
        .trusting(List.of(ca.certificate()))
        .writeTo(files("stranger"));
    return open(builder("stranger"));
  }

  /** Gives {@code orders} a new certificate; returns its serial number when it is in use. */
  BigInteger rotate() throws InterruptedException {
    return rotate(issue(ca, "orders"));
  }

  /** Lets {@code orders} trust another authority than that of its clients. */
  void trustAnotherAuthority() throws InterruptedException {
    DevelopmentCa next = DevelopmentCa.create("shop.example", clock);
    rotate(issue(ca, "orders").trusting(List.of(next.certificate())));
  }

  @Override
  public void close() {
    open.forEach(Runnable::run);
  }

  private BigInteger rotate(IssuedCertificate next) throws InterruptedException {
    rotations.clear();
    next.writeTo(files("orders"));
    if (rotations.poll(60, TimeUnit.SECONDS) == null) {
      throw new AssertionError("The new certificate is not used");
    }
    return next.chain().get(0).getSerialNumber();
  }

  private static IssuedCertificate issue(DevelopmentCa authority, String name) {
    return authority.issue(LeafTemplate.spiffe(ACCOUNTS + name).ip("127.0.0.1").lifetime(LONG));
  }

  private Path files(String name) {
    return folder.resolve(name);
  }

  private MtlsIdentityBuilder builder(String name) {
    return MtlsIdentity.builder()
        .pemDirectory(files(name))
        .trustDomain("shop.example")
        .servers(server -> server.nativeName().equals(ACCOUNTS + "orders"));
  }

  private MtlsIdentity open(MtlsIdentityBuilder builder) {
    OwnedRuntime runtime =
        OwnedRuntime.start(
            clock, refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(10));
    open.push(runtime::close);
    MtlsIdentity client = builder.open(runtime.runtime());
    open.push(client::close);
    return client;
  }
}
