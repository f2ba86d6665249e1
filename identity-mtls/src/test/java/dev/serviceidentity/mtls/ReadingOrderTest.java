// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings that overlap: the one that ends last need not have read what is newest. */
class ReadingOrderTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hasRead = new CountDownLatch(1);
  private final CountDownLatch mayReturn = new CountDownLatch(1);
  private final AtomicReference<Supplier<Credential>> held = new AtomicReference<>();
  private World world;
  private DevelopmentCa next;
  private IssuedCertificate own;
  private MtlsIdentity orders;

  @BeforeEach
  void open() {
    world = new World(directory);
    next = DevelopmentCa.create("shop.example", world.clock);
    own = next.issue(World.template(World.ORDERS));
    holdTrustIn(next.certificate(), world.ca.certificate());
    orders = world.open(context -> new SlowForSome());
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    world.close();
  }

  @Test
  void aRootThatWasRemovedIsNotPutBackByASlowReading() throws Exception {
    Future<?> slow = beginToRead();

    holdTrustIn(next.certificate());
    orders.refresh();
    end(slow);

    assertThat(orders.current().generation()).isEqualTo(2);
    assertThat(orders.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .containsExactly(next.certificate());
  }

  @Test
  void aFailureThatIsOverIsNotPutOnRecordByASlowReading() throws Exception {
    held.set(ReadingOrderTest::noGood);
    Future<?> slow = beginToRead();

    holdTrustIn(next.certificate());
    orders.refresh();
    end(slow);

    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void aFailureThatCameAndWentDuringASlowReadingIsOverAfterIt() throws Exception {
    Future<?> slow = beginToRead();

    held.set(ReadingOrderTest::noGood);
    assertThatThrownBy(orders::refresh).isInstanceOf(IdentityException.class);
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    holdTrustIn(next.certificate(), world.ca.certificate());
    end(slow);

    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
  }

  private void holdTrustIn(X509Certificate... roots) {
    Credential credential =
        Credential.of(
            own.chain(), own.privateKey(), List.of(TrustBundle.of("shop.example", List.of(roots))));
    held.set(() -> credential);
  }

  private static Credential noGood() {
    throw new IdentityException(IdentityException.Code.CONFIGURATION, "for this test");
  }

  private Future<?> beginToRead() throws InterruptedException {
    Future<?> slow =
        threads.submit(
            () -> {
              Thread.currentThread().setName("slow");
              orders.refresh();
            });
    assertThat(hasRead.await(30, TimeUnit.SECONDS)).isTrue();
    return slow;
  }

  private void end(Future<?> slow) throws Exception {
    mayReturn.countDown();
    slow.get(30, TimeUnit.SECONDS);
  }

  /** Keeps the first reading of the slow thread between what it has read and its return. */
  private final class SlowForSome implements CertificateSource {
    @Override
    public Origin origin() {
      return new Origin("certificate", "key", "authorities");
    }

    @Override
    public Credential read() {
      Supplier<Credential> read = held.get();
      if (Thread.currentThread().getName().equals("slow")) {
        hasRead.countDown();
        try {
          mayReturn.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return read.get();
    }

    @Override
    public Map<String, TrustBundle> readTrust() {
      return held.get().get().trust();
    }

    @Override
    public Set<Path> files() {
      return Set.of();
    }

    @Override
    public void onChange(Runnable changed) {}

    @Override
    public void close() {}
  }
}
