// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final String PRINCIPAL = "HTTP/orders.shop@SHOP.EXAMPLE";

  @TempDir private Path directory;

  @Test
  void aKeytabThatIsNotThereIsAFindingWithARemedy() {
    Run run =
        Run.of(
            "doctor",
            "--keytab",
            directory.resolve("none.keytab"),
            "--principal",
            PRINCIPAL,
            "--krb5-conf",
            directory.resolve("krb5.conf"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).containsPattern("FAILED +keytab").contains("→ ");
  }

  @Test
  void aDirectoryWithoutCertificatesIsAFindingWithARemedy() {
    Run run = Run.of("doctor", "--certificates", directory, "--trust-domain", "shop.example");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).containsPattern("FAILED +certificates").contains("docs/mtls.md");
  }

  @Test
  void certificatesAreOpenedAsAServiceWouldOpenThem() {
    String id = "spiffe://shop.example/ns/shop/sa/orders";
    DevelopmentCa.create("shop.example", Clock.systemUTC())
        .issue(LeafTemplate.spiffe(id))
        .writeTo(directory);

    Run run = Run.of("doctor", "--certificates", directory, "--trust-domain", "shop.example");

    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains(id, "valid until");
  }

  @Test
  void withoutAClusterAroundItAndNothingToLookAtItSaysWhatItLacks() {
    Run run = Run.of("doctor");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("does not run in a pod");
  }

  @Test
  void targetsWithoutTheFormOfTheirNamesAreWrongUse() {
    Run run = Run.of("doctor", "--target", "orders.shop:8443");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("say --trust-domain or --realm");
  }

  @Test
  void whatWasFoundIsToldAlsoWhereTheClusterCannotBeSeen() {
    Run run =
        Run.of(
            "doctor",
            "--certificates",
            directory,
            "--trust-domain",
            "shop.example",
            "--kubeconfig",
            directory.resolve("none"),
            "--own-pod",
            "shop/web-0");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("FAILED +certificates")
        .containsPattern("FAILED +cluster +.*no kubeconfig that can be read");
  }

  @Test
  void wrongUseIsToldBeforeAnythingIsLookedAt() {
    Run run = Run.of("doctor", "--certificates", directory, "--target", "orders.shop:8443");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--token-domain");
  }

  @Test
  void aTargetThatIsRecognisedByTokensNeedsNoOtherName() {
    Run run = Run.of("doctor", "--target", "orders.shop:8443", "--token-domain", "id.example");

    assertThat(run.err()).contains("does not run in a pod");
  }

  @Test
  void aTargetThatIsNoneIsOneLine() {
    Run run = Run.of("doctor", "--target", "https://orders", "--realm", "SHOP.EXAMPLE");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
  }

  @Test
  void aKubeconfigWithoutAPodIsWrongUse() {
    Run run = Run.of("doctor", "--kubeconfig", directory.resolve("k"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("say --own-pod");
  }

  @Test
  void aKeytabWithoutAPrincipalIsWrongUse() {
    Run run = Run.of("doctor", "--keytab", "x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--principal");
  }
}
