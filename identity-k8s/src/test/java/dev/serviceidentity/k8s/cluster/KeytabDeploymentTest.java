// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests of deploy/kerberos hold to what their README promises. */
class KeytabDeploymentTest {
  private static final Path FOLDER = Path.of("..", "deploy", "kerberos");

  @Test
  void ourOwnReaderFindsNothingWrong() {
    LoadReport report = ManifestReader.read(List.of(FOLDER), Loopback.IGNORED).report();
    assertThat(report.findings())
        .noneMatch(finding -> finding.severity() == LoadReport.Severity.ERROR);
  }

  @Test
  void theRotationMayReadAndPatchTheNamedSecretsAndNothingElse() throws IOException {
    assertThat(all(Role.class).flatMap(role -> role.getRules().stream()))
        .singleElement()
        .returns(List.of("secrets"), PolicyRule::getResources)
        .returns(List.of("orders-keytab", "web-keytab"), PolicyRule::getResourceNames)
        .returns(List.of("get", "patch"), PolicyRule::getVerbs);
  }

  @Test
  void noPodRunsAsRootOrWritesToItsImage() throws IOException {
    assertThat(pods())
        .hasSize(2)
        .allSatisfy(
            pod -> {
              assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
              var container = pod.getContainers().get(0).getSecurityContext();
              assertThat(container.getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
            });
  }

  @Test
  void keytabsAreForTheOwnerAloneAndFollowTheirSecret() throws IOException {
    assertThat(pods().flatMap(pod -> pod.getVolumes().stream()).map(Volume::getSecret))
        .filteredOn(secret -> secret != null)
        .hasSize(2)
        .allSatisfy(secret -> assertThat(secret.getDefaultMode()).isEqualTo(0400));
    assertThat(pods().flatMap(pod -> pod.getContainers().get(0).getVolumeMounts().stream()))
        .extracting(VolumeMount::getSubPath)
        .containsOnlyNulls();
  }

  private static Stream<PodSpec> pods() throws IOException {
    Stream<PodSpec> rotation =
        all(CronJob.class)
            .map(job -> job.getSpec().getJobTemplate().getSpec())
            .map(job -> job.getTemplate().getSpec());
    return Stream.concat(
        rotation, all(Deployment.class).map(each -> each.getSpec().getTemplate().getSpec()));
  }

  private static <T> Stream<T> all(Class<T> type) throws IOException {
    Stream.Builder<Object> objects = Stream.builder();
    for (String name : List.of("rotation.yaml", "deployment.yaml")) {
      try (InputStream in = Files.newInputStream(FOLDER.resolve(name))) {
        ((Collection<?>) new KubernetesSerialization().unmarshal(in)).forEach(objects);
      }
    }
    return objects.build().filter(type::isInstance).map(type::cast);
  }
}
