// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.client.GivenClient;
import dev.serviceidentity.k8s.client.InCluster;
import dev.serviceidentity.spi.CertificateIssuer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A signer of the cluster, asked by CertificateSigningRequests (certificates.k8s.io/v1). Each
 * request is one object with a name of its own, which somebody has to approve and the signer's
 * controller to sign, and which is deleted once there is an answer, whatever it is.
 *
 * <pre>{@code
 * try (var issuer = KubernetesCertificateIssuer.inCluster().signer("shop.example/workloads").open();
 *     MtlsIdentity identity = MtlsIdentity.builder()
 *         .trustDomain("shop.example")
 *         .source(IssuedIdentity
 *             .by(issuer, CertificateRequest.spiffe("spiffe://shop.example/ns/shop/sa/web"))
 *             .authorities(Path.of("/var/run/shop-ca/ca.crt")))
 *         .open()) {
 *   serve(identity);
 * }
 * }</pre>
 *
 * <p>A signer does not say whom to trust, and neither does this: name a file, such as a mounted
 * ConfigMap or ClusterTrustBundle. The service may {@code create} and {@code watch}
 * certificatesigningrequests, and {@code delete} them; without the last they stay until the cluster
 * removes them, an hour after they were signed. Thread-safe. To be closed after the identities that
 * use it.
 */
public final class KubernetesCertificateIssuer implements CertificateIssuer, AutoCloseable {
  private static final int AT_ONCE = 16;
  private static final long CLOSING_SECONDS = 5;

  private final ClientSource clients;
  private final KubernetesClient client;
  private final ApiServer api;
  private final Terms terms;
  private final Semaphore asking = new Semaphore(AT_ONCE, true);
  private volatile boolean closed;

  /** What a certificate is good for. */
  public enum Usage {
    /** Signing, in every handshake of TLS 1.3. */
    DIGITAL_SIGNATURE("digital signature"),
    /** Key exchange by RSA, which TLS 1.3 has no more. */
    KEY_ENCIPHERMENT("key encipherment"),
    /** Being the client. */
    CLIENT_AUTH("client auth"),
    /** Being the server. */
    SERVER_AUTH("server auth");

    private final String text;

    Usage(String text) {
      this.text = text;
    }

    /** Returns what the API calls it. */
    @Override
    public String toString() {
      return text;
    }
  }

  KubernetesCertificateIssuer(ClientSource clients, Terms terms) {
    this.clients = clients;
    this.client = clients.open();
    this.api = new ApiServer(client);
    this.terms = terms;
  }

  /**
   * A signer of the cluster that this process runs in, asked by the service account of its pod.
   *
   * @return a builder
   */
  public static KubernetesIssuerBuilder inCluster() {
    return new KubernetesIssuerBuilder(InCluster.ofThisProcess());
  }

  /**
   * A signer of the cluster that a client reaches.
   *
   * @param client stays open when the issuer is closed
   * @return a builder
   */
  public static KubernetesIssuerBuilder using(KubernetesClient client) {
    return new KubernetesIssuerBuilder(new GivenClient(client));
  }

  /**
   * Has a certificate signed, and waits until it is.
   *
   * @param request a PKCS#10 request in DER
   * @param lifetime how long the certificate should be valid, ten minutes at least; clusters before
   *     1.22 do not know the wish, and signers may ignore it
   * @return the chain, as the signer gave it, for the key of the request; no authorities
   * @throws IdentityException with code {@code REFUSED} if a right is missing, the request was
   *     denied, failed or was deleted, or its answer is no certificate for it; {@code
   *     AUTHORITY_UNREACHABLE} if the API server does not answer, or nobody approved or signed in
   *     time; {@code CLOSED} if this has been closed
   * @throws IllegalArgumentException if the request is none
   */
  @Override
  public Issued issue(byte[] request, Duration lifetime) throws InterruptedException {
    var key = RequestedKey.of(request);
    Instant deadline = terms.clock().instant().plus(terms.patience());
    if (!asking.tryAcquire(terms.patience().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IdentityException(
          AUTHORITY_UNREACHABLE,
          AT_ONCE
              + " requests for certificates of the signer "
              + terms.signer()
              + " wait already, and none was answered within "
              + terms.patience().toSeconds()
              + " s");
    }
    try {
      if (closed) {
        throw new IdentityException(CLOSED, this + " has been closed");
      }
      return new Issued(key.checked(chain(request, lifetime, deadline)), List.of());
    } finally {
      asking.release();
    }
  }

  private List<X509Certificate> chain(byte[] request, Duration lifetime, Instant deadline)
      throws InterruptedException {
    try {
      var signing = new SigningRequest(api, terms, deadline);
      signing.create(request, lifetime);
      try {
        if (terms.selfApproved()) {
          signing.approve();
        }
        return signing.await();
      } finally {
        signing.withdraw();
      }
    } catch (ApiFault fault) {
      throw new IdentityException(
          fault.isOfRequest() ? REFUSED : AUTHORITY_UNREACHABLE,
          "No certificate of the signer " + terms.signer() + ": " + fault.getMessage(),
          fault);
    }
  }

  /** Returns the signer's name. */
  @Override
  public String toString() {
    return "The signer " + terms.signer() + " of the cluster at " + api.address();
  }

  /** Waits a moment for requests that are being withdrawn. A client that was given stays open. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (asking.tryAcquire(AT_ONCE, CLOSING_SECONDS, TimeUnit.SECONDS)) {
        asking.release(AT_ONCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clients.close(client);
  }
}
