// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.k8s.RealCluster;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.spi.IdentityRuntime;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS between two services that have their certificates from the cluster. */
class MtlsOnClusterCertificatesClusterTest {
  private static final Duration SHORT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private RealCluster cluster;
  private String signer;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    signer = cluster.namespace() + ".example/workloads";
  }

  @AfterEach
  void close() {
    scheduler.shutdownNow();
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void servicesShakeHandsAndGoOnWithTheCertificateThatFollows() throws Exception {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    Path authorities =
        Files.writeString(directory.resolve("ca.crt"), SigningController.pem(ca.certificate()));
    KubernetesClient client = cluster.client();
    try (var controller = SigningController.signing(client, signer, ca, SHORT);
        var issuer = KubernetesCertificateIssuer.using(client).signer(signer).open();
        MtlsIdentity orders = identity(issuer, "orders", authorities);
        MtlsIdentity web = identity(issuer, "web", authorities)) {
      X509Certificate first = eventuallyShown(orders, web, BigInteger.ZERO);
      assertThat(first.getSubjectAlternativeNames().toString())
          .contains("spiffe://shop.example/ns/shop/sa/orders");
      BigInteger before = first.getSerialNumber();
      eventuallyShown(orders, web, before);
      assertThat(controller.seen()).hasSizeGreaterThan(2);
    }
  }

  private MtlsIdentity identity(KubernetesCertificateIssuer issuer, String name, Path authorities) {
    return MtlsIdentity.builder()
        .trustDomain("shop.example")
        .source(
            IssuedIdentity.by(
                    issuer,
                    CertificateRequest.spiffe("spiffe://shop.example/ns/shop/sa/" + name)
                        .dns("localhost"))
                .authorities(authorities))
        .open(
            new IdentityRuntime(
                Clock.systemUTC(),
                scheduler,
                refused -> {},
                Set.of(MechanismName.MTLS),
                Duration.ofSeconds(60)));
  }

  /** A loaded machine may be late with the next certificate; between them there is no handshake. */
  private static X509Certificate eventuallyShown(
      MtlsIdentity server, MtlsIdentity client, BigInteger before) throws Exception {
    return eventually(
            "the next certificate is shown",
            () -> {
              try {
                return Optional.of(shown(server, client));
              } catch (IOException | CompletionException late) {
                return Optional.<X509Certificate>empty();
              }
            },
            shown -> shown.isPresent() && !shown.get().getSerialNumber().equals(before))
        .orElseThrow();
  }

  /** What the server shows in a handshake in which both prove who they are. */
  private static X509Certificate shown(MtlsIdentity server, MtlsIdentity client) throws Exception {
    TlsMaterial own = server.tls().orElseThrow();
    TlsMaterial other = client.tls().orElseThrow();
    try (var listening =
        (SSLServerSocket)
            own.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setSSLParameters(own.serverParameters());
      CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(listening));
      try (var socket =
          (SSLSocket)
              other
                  .sslContext()
                  .getSocketFactory()
                  .createSocket("localhost", listening.getLocalPort())) {
        socket.setSSLParameters(other.clientParameters());
        socket.startHandshake();
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        answered.join();
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
      }
    }
  }

  private static void answer(SSLServerSocket listening) {
    try (var socket = (SSLSocket) listening.accept()) {
      assertThat(socket.getSession().getPeerCertificates()).isNotEmpty();
      socket.getOutputStream().write(1);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
