// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings that overlap: the one that ends last need not have read what is newest. */
class ReadingOrderTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hasRead = new CountDownLatch(1);
  private final CountDownLatch mayReturn = new CountDownLatch(1);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aRootThatWasRemovedIsNotPutBackByASlowReading() throws Exception {
    try (World world = new World(directory)) {
      DevelopmentCa next = DevelopmentCa.create("shop.example", world.clock);
      IssuedCertificate own = next.issue(World.template(World.ORDERS));
      var held = new AtomicReference<Credential>();
      held.set(trusting(own, next.certificate(), world.ca.certificate()));
      MtlsIdentity orders = world.open(context -> new SlowForSome(held));
      Future<?> slow = threads.submit(() -> slowly(orders));
      assertThat(hasRead.await(30, TimeUnit.SECONDS)).isTrue();

      held.set(trusting(own, next.certificate()));
      orders.refresh();
      mayReturn.countDown();
      slow.get(30, TimeUnit.SECONDS);

      assertThat(orders.current().generation()).isEqualTo(2);
      assertThat(orders.tls().orElseThrow().trustManager().getAcceptedIssuers())
          .containsExactly(next.certificate());
    }
  }

  private void slowly(MtlsIdentity identity) {
    Thread.currentThread().setName("slow");
    identity.refresh();
  }

  private static Credential trusting(IssuedCertificate own, X509Certificate... roots) {
    return Credential.of(
        own.chain(), own.privateKey(), List.of(TrustBundle.of("shop.example", List.of(roots))));
  }

  /** Keeps the first reading of the slow thread between what it has read and its return. */
  private final class SlowForSome implements CertificateSource {
    private final AtomicReference<Credential> held;

    SlowForSome(AtomicReference<Credential> held) {
      this.held = held;
    }

    @Override
    public Origin origin() {
      return new Origin("certificate", "key", "authorities");
    }

    @Override
    public Credential read() {
      Credential read = held.get();
      if (Thread.currentThread().getName().equals("slow")) {
        hasRead.countDown();
        try {
          mayReturn.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return read;
    }

    @Override
    public Map<String, TrustBundle> readTrust() {
      return held.get().trust();
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
