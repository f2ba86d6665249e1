// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who reaches whom by the manifests of deploy/spring-shop. */
class DeployedPoliciesTest {
  private static final Path DEPLOYED = Path.of("../../deploy/spring-shop");
  private static final Path RESOURCES = Path.of("src/test/resources/deploy");

  @Test
  void theManifestsAreReadWithoutAnyProblem() {
    LoadReport report = ManifestReader.read(List.of(DEPLOYED), Loopback.IGNORED).report();

    assertThat(report.findings()).allMatch(finding -> finding.severity() == Severity.NOTE);
  }

  /** By the program itself, as a pipeline would. */
  @Test
  void webReachesOrdersWhichReachesPaymentsAndNobodyElseReachesAnybody() throws Exception {
    Process audit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.serviceidentity.cli.Main",
                "expect",
                "--manifests",
                DEPLOYED.toString(),
                "--manifests",
                RESOURCES.resolve("callers.yaml").toString(),
                "--expectations",
                RESOURCES.resolve("expectations.yaml").toString())
            .redirectErrorStream(true)
            .start();

    String said = new String(audit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(audit.waitFor()).as(said).isZero();
  }
}
