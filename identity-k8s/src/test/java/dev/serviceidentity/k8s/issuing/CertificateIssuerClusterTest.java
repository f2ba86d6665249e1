// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static dev.serviceidentity.k8s.issuing.SigningController.condition;
import static dev.serviceidentity.k8s.issuing.SigningController.pem;
import static dev.serviceidentity.k8s.issuing.SigningController.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.k8s.RealCluster;
import dev.serviceidentity.k8s.issuing.KubernetesCertificateIssuer.Usage;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates by CertificateSigningRequests, on a real API server. */
class CertificateIssuerClusterTest {
  private static final String OWN_SIGNER = "kubernetes.io/kube-apiserver-client";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofSeconds(90);

  private RealCluster cluster;
  private KubernetesClient client;
  private RequestForTest request;
  private String signer;

  @BeforeEach
  void open() throws Exception {
    cluster = RealCluster.open();
    client = cluster.client();
    request = RequestForTest.ec();
    signer = cluster.namespace() + ".example/workloads";
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private KubernetesIssuerBuilder issuer() {
    return KubernetesCertificateIssuer.using(client).signer(signer).patience(LONG);
  }

  private SigningController controller(Consumer<CertificateSigningRequest> action) {
    return new SigningController(client, signer, action);
  }

  private IdentityException refused(KubernetesIssuerBuilder builder) {
    try (KubernetesCertificateIssuer issuer = builder.open()) {
      return catchThrowableOfType(IdentityException.class, () -> issuer.issue(request.der(), HOUR));
    }
  }

  private void nothingIsLeft() throws Exception {
    eventually(
        "all requests have been deleted",
        () ->
            client.certificates().v1().certificateSigningRequests().list().getItems().stream()
                .filter(each -> each.getSpec().getSignerName().equals(signer))
                .toList(),
        List::isEmpty);
  }

  @Test
  void theClustersOwnControllerSignsForTheKeyOfTheRequest() throws Exception {
    signer = OWN_SIGNER;
    try (KubernetesCertificateIssuer issuer =
        issuer().usages(Usage.DIGITAL_SIGNATURE, Usage.CLIENT_AUTH).approveItself().open()) {
      var issued = issuer.issue(request.der(), HOUR);
      X509Certificate leaf = issued.chain().get(0);
      assertThat(leaf.getPublicKey()).isEqualTo(request.keys().getPublic());
      assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=web");
      assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
      leaf.verify(authorityOfTheCluster().getPublicKey());
      assertThat(issued.authorities()).isEmpty();
    }
  }

  private static X509Certificate authorityOfTheCluster() throws Exception {
    byte[] pem = Base64.getDecoder().decode(RealCluster.config().getCaCertData());
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  @Test
  void aRequestSaysWhatIsAskedForAndIsDeletedOnceItIsSigned() throws Exception {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    try (SigningController controller = SigningController.signing(client, signer, ca, HOUR);
        KubernetesCertificateIssuer issuer = issuer().open()) {
      X509Certificate leaf = issuer.issue(request.der(), HOUR).chain().get(0);
      assertThat(leaf.getPublicKey()).isEqualTo(request.keys().getPublic());
      assertThat(controller.seen())
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.getMetadata().getName()).startsWith("service-identity-");
                assertThat(seen.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/managed-by", "service-identity");
                assertThat(seen.getSpec().getUsages())
                    .containsExactly("digital signature", "client auth", "server auth");
              });
      nothingIsLeft();
    }
  }

  @Test
  void whatWasDeniedIsRefusedWithItsReasonAndDeleted() throws Exception {
    try (var unused = controller(each -> resource(client, each).deny(condition("Denied")))) {
      assertThat(refused(issuer()))
          .hasMessageContaining("was denied (ForTests): said a test")
          .extracting(IdentityException::code)
          .isEqualTo(Code.REFUSED);
    }
    nothingIsLeft();
  }

  @Test
  void aSignerThatFailsIsNamed() throws Exception {
    try (var unused =
        controller(
            each -> {
              resource(client, each).approve(condition("Approved"));
              SigningController.fail(client, each);
            })) {
      assertThat(refused(issuer())).hasMessageContaining("failed (ForTests): said a test");
    }
    nothingIsLeft();
  }

  @Test
  void whatNobodyApprovesIsWithdrawnAndTheMessageSaysHowToApprove() throws Exception {
    assertThat(refused(issuer().patience(Duration.ofSeconds(3))))
        .hasMessageContaining("Nobody approved the certificate signing request service-identity-")
        .hasMessageContaining("within 3 s")
        .hasMessageContaining("kubectl certificate approve")
        .extracting(IdentityException::code)
        .isEqualTo(Code.AUTHORITY_UNREACHABLE);
    nothingIsLeft();
  }

  @Test
  void whatIsApprovedAndNotSignedIsAQuestionOfTheSignersController() throws Exception {
    assertThat(refused(issuer().approveItself().patience(Duration.ofSeconds(3))))
        .hasMessageContaining("is approved, but nobody signed it within 3 s")
        .hasMessageContaining("a controller that serves the signer " + signer)
        .extracting(IdentityException::code)
        .isEqualTo(Code.AUTHORITY_UNREACHABLE);
    nothingIsLeft();
  }

  @Test
  void whatSomebodyElseDeletesIsRefused() {
    try (var unused = controller(each -> resource(client, each).delete())) {
      assertThat(refused(issuer())).hasMessageContaining("was deleted by somebody else");
    }
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() throws Exception {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    X509Certificate other =
        ca.issue(LeafTemplate.spiffe("spiffe://shop.example/ns/a/sa/b")).chain().get(0);
    try (var unused =
        controller(
            each -> {
              resource(client, each).approve(condition("Approved"));
              SigningController.sign(client, each, pem(other));
            })) {
      assertThat(refused(issuer()))
          .hasMessageContaining("a certificate for another key")
          .extracting(IdentityException::code)
          .isEqualTo(Code.REFUSED);
    }
    nothingIsLeft();
  }

  @Test
  void aSignerThatTheApiServerKeepsForItselfIsRefusedWithItsWords() {
    signer = "kubernetes.io/legacy-unknown";
    assertThat(refused(issuer()))
        .hasMessageContaining("legacy-unknown")
        .extracting(IdentityException::code)
        .isEqualTo(Code.REFUSED);
  }

  @Test
  void whoeverIsInterruptedLeavesNothing() throws Exception {
    var interrupted = new CompletableFuture<Throwable>();
    try (SigningController controller = controller(each -> {});
        KubernetesCertificateIssuer issuer = issuer().open()) {
      var thread =
          new Thread(
              () ->
                  interrupted.complete(
                      catchThrowableOfType(
                          Throwable.class, () -> issuer.issue(request.der(), HOUR))));
      thread.start();
      eventually("the request is there", controller::seen, seen -> !seen.isEmpty());
      thread.interrupt();
      assertThat(interrupted.get()).isInstanceOf(InterruptedException.class);
      nothingIsLeft();
    }
  }

  @Test
  void anApiServerThatIsNotThereIsUnreachable() {
    try (KubernetesClient nowhere = nowhere()) {
      client = nowhere;
      assertThat(refused(issuer()).code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
    } finally {
      client = cluster.client();
    }
  }

  private static KubernetesClient nowhere() {
    Config config = RealCluster.config();
    config.setMasterUrl("https://127.0.0.1:1/");
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Test
  void aClientThatWasGivenStaysOpen() {
    KubernetesCertificateIssuer issuer = issuer().open();
    issuer.close();
    issuer.close();
    assertThat(client.namespaces().withName(cluster.namespace()).get()).isNotNull();
    assertThatThrownBy(() -> issuer.issue(request.der(), HOUR))
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
  }

  @ParameterizedTest
  @CsvSource({
    "false, 'watch,delete', 'may not create certificatesigningrequests.certificates.k8s.io; grant'",
    "false, 'create,delete', 'may not watch certificatesigningrequests.certificates.k8s.io; grant'",
    "true, 'create,watch,delete', 'may not update certificatesigningrequests/approval'"
  })
  void aMissingRightIsNamed(boolean approved, String verbs, String message) throws Exception {
    String token = cluster.token("limited");
    grant(verbs);
    try (KubernetesClient limited = RealCluster.clientWith(() -> token)) {
      IdentityException refused =
          eventually(
              "the grant is in force",
              () -> refused(limited(limited, approved)),
              each -> each.getMessage().contains(message));
      assertThat(refused.code()).isEqualTo(Code.REFUSED);
    }
    nothingIsLeft();
  }

  private KubernetesIssuerBuilder limited(KubernetesClient limited, boolean approved) {
    KubernetesIssuerBuilder builder =
        KubernetesCertificateIssuer.using(limited).signer(signer).patience(LONG);
    return approved ? builder.approveItself() : builder;
  }

  @Test
  void withoutTheRightToDeleteThereIsACertificateAllTheSame() throws Exception {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    String token = cluster.token("limited");
    grant("create,watch");
    try (SigningController controller = SigningController.signing(client, signer, ca, HOUR);
        KubernetesClient limited = RealCluster.clientWith(() -> token);
        KubernetesCertificateIssuer issuer = limited(limited, false).open()) {
      eventually(
          "it is granted",
          () -> {
            try {
              return issuer.issue(request.der(), HOUR).chain().size();
            } catch (IdentityException notYet) {
              return 0;
            }
          },
          size -> size == 1);
      controller.seen().forEach(each -> resource(client, each).delete());
    }
  }

  private void grant(String verbs) {
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: %1$s}
        rules: [{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [%2$s]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
        subjects: [{kind: ServiceAccount, name: limited, namespace: %1$s}]
        """
            .formatted(cluster.namespace(), verbs));
  }
}
