// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serviceidentity.spi.CertificateIssuer;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.CertificateSigningRequestResource;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Does with each request of one signer what a test says, as a controller does it. */
final class SigningController implements Watcher<CertificateSigningRequest>, AutoCloseable {
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final KubernetesClient client;
  private final String signer;
  private final Consumer<CertificateSigningRequest> action;
  private final Queue<CertificateSigningRequest> seen = new ConcurrentLinkedQueue<>();
  private final Watch watch;

  SigningController(
      KubernetesClient client, String signer, Consumer<CertificateSigningRequest> action) {
    this.client = client;
    this.signer = signer;
    this.action = action;
    this.watch = client.certificates().v1().certificateSigningRequests().watch(this);
  }

  /** Approves and signs everything. */
  static SigningController signing(
      KubernetesClient client, String signer, CertificateIssuer authority, Duration lifetime) {
    return new SigningController(
        client,
        signer,
        request -> {
          resource(client, request).approve(condition("Approved"));
          sign(client, request, pem(issue(authority, request, lifetime)));
        });
  }

  private static X509Certificate issue(
      CertificateIssuer authority, CertificateSigningRequest request, Duration lifetime) {
    String pem = new String(Base64.getDecoder().decode(request.getSpec().getRequest()), US_ASCII);
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    try {
      return authority.issue(der, lifetime).chain().get(0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void sign(KubernetesClient client, CertificateSigningRequest request, String pem) {
    String certificate = Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII));
    resource(client, request)
        .editStatus(
            shown ->
                new CertificateSigningRequestBuilder(shown)
                    .editOrNewStatus()
                    .withCertificate(certificate)
                    .endStatus()
                    .build());
  }

  static void fail(KubernetesClient client, CertificateSigningRequest request) {
    resource(client, request)
        .editStatus(
            shown ->
                new CertificateSigningRequestBuilder(shown)
                    .editOrNewStatus()
                    .addToConditions(condition("Failed"))
                    .endStatus()
                    .build());
  }

  static String pem(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + PEM.encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  static CertificateSigningRequestResource<CertificateSigningRequest> resource(
      KubernetesClient client, CertificateSigningRequest request) {
    return client
        .certificates()
        .v1()
        .certificateSigningRequests()
        .withName(request.getMetadata().getName());
  }

  static CertificateSigningRequestCondition condition(String type) {
    return new CertificateSigningRequestConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("ForTests")
        .withMessage("said a test")
        .build();
  }

  Queue<CertificateSigningRequest> seen() {
    return seen;
  }

  @Override
  public void eventReceived(Action what, CertificateSigningRequest request) {
    if (what == Action.ADDED && signer.equals(request.getSpec().getSignerName())) {
      seen.add(request);
      action.accept(request);
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    // The test that waits for it fails.
  }

  @Override
  public void close() {
    watch.close();
  }
}
