// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.spi.RefusedHandshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** An authority, a clock, and services with certificates in directories; all closed at the end. */
final class World implements AutoCloseable {
  static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";

  final SettableClock clock;
  final DevelopmentCa ca;
  Duration openTimeout = Duration.ofSeconds(60);

  /** Null for each runtime's own. */
  private ScheduledExecutorService scheduler;

  private final Path directory;
  private final BlockingQueue<RefusedHandshake> refusals = new LinkedBlockingQueue<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  World(Path directory) {
    this(directory, Draft.NOW);
  }

  private World(Path directory, Instant now) {
    this.directory = directory;
    this.clock = new SettableClock(now);
    this.ca = DevelopmentCa.create("shop.example", clock);
  }

  /** Where the clock stands at the real time, for programs that go by that. */
  static World today(Path directory) {
    return new World(directory, Clock.systemUTC().instant());
  }

  /**
   * What is opened from now on does nothing by itself: nothing is read again, and open connections
   * are not judged while a request on them is.
   */
  void still() {
    // A pool that is given no thread runs no task.
    scheduler = new ScheduledThreadPoolExecutor(1, task -> null);
  }

  /** Where a service's files are. */
  Path files(String service) {
    return directory.resolve(service);
  }

  /** Writes a certificate that is good for servers on loopback too. */
  void issue(String service, String id) {
    ca.issue(template(id)).writeTo(files(service));
  }

  /** Writes a chain that the development authority would not issue, once. */
  void write(String service, Forged leaf, Forged root, Forged... between) throws IOException {
    Path files = Files.createDirectory(files(service));
    var chain = new StringBuilder();
    for (X509Certificate certificate : leaf.with(between)) {
      chain.append(Draft.pem("CERTIFICATE", Draft.der(certificate)));
    }
    Files.writeString(files.resolve("tls.crt"), chain);
    writePem(files.resolve("tls.key"), "PRIVATE KEY", leaf.keys().getPrivate().getEncoded());
    writePem(files.resolve("ca.crt"), "CERTIFICATE", Draft.der(root.certificate()));
  }

  private static void writePem(Path file, String label, byte[] der) throws IOException {
    Files.writeString(file, Draft.pem(label, der));
  }

  static LeafTemplate template(String id) {
    return LeafTemplate.spiffe(id).dns("localhost").ip("127.0.0.1");
  }

  MtlsIdentity open(String service) {
    return open(service, builder -> builder);
  }

  MtlsIdentity open(String service, UnaryOperator<MtlsIdentityBuilder> more) {
    return open(service, more, Set.of(MechanismName.MTLS));
  }

  MtlsIdentity open(
      String service, UnaryOperator<MtlsIdentityBuilder> more, Set<MechanismName> configured) {
    return open(
        more.apply(MtlsIdentity.builder().pemDirectory(files(service)).trustDomain("shop.example")),
        configured);
  }

  MtlsIdentity open(SourceProvider source) {
    return open(
        MtlsIdentity.builder().source(source).trustDomain("shop.example"),
        Set.of(MechanismName.MTLS));
  }

  private MtlsIdentity open(MtlsIdentityBuilder builder, Set<MechanismName> configured) {
    MtlsIdentity identity = builder.open(runtime(configured));
    open.push(identity);
    return identity;
  }

  private IdentityRuntime runtime(Set<MechanismName> configured) {
    OwnedRuntime runtime = OwnedRuntime.start(clock, refusals::add, configured, openTimeout);
    open.push(runtime);
    IdentityRuntime usual = runtime.runtime();
    return scheduler == null
        ? usual
        : new IdentityRuntime(
            usual.clock(), scheduler, usual.handshakes(), configured, usual.openTimeout());
  }

  /** Opens a source alone. */
  CertificateSource source(SourceProvider provider) {
    CertificateSource source =
        provider.open(
            new SourceContext("shop.example", runtime(Set.of(MechanismName.MTLS)), new Random(1)));
    open.push(source);
    return source;
  }

  AnsweringServer serve(MtlsIdentity identity) throws Exception {
    return serve(identity, identity.tls().orElseThrow().sslContext());
  }

  AnsweringServer serve(MtlsIdentity identity, SSLContext context) throws Exception {
    AnsweringServer server = AnsweringServer.start(identity, context);
    open.push(server);
    return server;
  }

  /** The refused clients that nobody has asked for. */
  Collection<RefusedHandshake> refusals() {
    return refusals;
  }

  /** The next refused client. */
  RefusedHandshake refusal() throws InterruptedException {
    RefusedHandshake refused = refusals.poll(60, TimeUnit.SECONDS);
    if (refused == null) {
      throw new AssertionError("No client was refused");
    }
    return refused;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }
}
