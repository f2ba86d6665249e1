// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.k8s.issuing.KubernetesCertificateIssuer;
import dev.serviceidentity.k8s.token.TokenIdentity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over which ways tokens are judged and certificates are asked for. */
class TransportTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1:8080",
        "http://api.shop.example",
        "http://localhost.shop.example:8001",
        "http://127.0.0.1.shop.example:8001",
        "http://[fd00::1]:8001"
      })
  void withoutTlsNoOtherHostIsAsked(String server) {
    try (KubernetesClient client = client(server)) {
      refused(() -> Transport.requireProtected(client, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1",
        "http://127.0.0.1:8001",
        "http://127.77.0.9:8001",
        "http://localhost:8001",
        "http://[::1]:8001"
      })
  void byTlsAndOnThisHostItIs(String server) {
    try (KubernetesClient client = client(server)) {
      assertThatCode(() -> Transport.requireProtected(client, "")).doesNotThrowAnyException();
    }
  }

  @Test
  void callersTokensAreNotSentInPlainText() {
    try (KubernetesClient client = client("http://10.0.0.1:8080")) {
      refused(
          () ->
              TokenIdentity.builder()
                  .using(client)
                  .issuer("https://id.shop.example")
                  .audience("orders")
                  .open());
    }
  }

  @Test
  void certificatesAreNotAskedForInPlainText() {
    try (KubernetesClient client = client("http://10.0.0.1:8080")) {
      refused(
          () -> KubernetesCertificateIssuer.using(client).signer("shop.example/workloads").open());
    }
  }

  private static void refused(ThrowingCallable open) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContaining("without TLS");
  }

  private static KubernetesClient client(String server) {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(server).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
