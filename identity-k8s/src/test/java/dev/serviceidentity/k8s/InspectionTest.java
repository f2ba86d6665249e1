// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.network.ViewStamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A look at the targets")
class InspectionTest {
  private static final String STALE = "the view of the cluster was last proven too long ago";

  /** A view by which nothing may be decided. */
  private record Blind(NetworkView view) implements ViewSource {
    @Override
    public ClusterFacts facts() {
      throw new AssertionError("nobody asks by what is decided");
    }

    @Override
    public Manifests contents() {
      throw new AssertionError("nobody asks for all");
    }

    @Override
    public Backing backing(String namespace, String service) {
      throw new AssertionError("nobody asks what stands behind " + service);
    }

    @Override
    public LoadReport report() {
      return new LoadReport(List.of());
    }

    @Override
    public Health.Part health() {
      return new Health.Part(KubernetesNetwork.NAME, Health.Status.DOWN, STALE, Instant.EPOCH);
    }

    @Override
    public void close() {}
  }

  @Test
  void saysThatTheViewIsStaleAndNotThatTheOwnPodIsUnknown() {
    var source = new Blind(new BlindView(STALE, new ViewStamp("", 0, Instant.EPOCH)));
    try (var network =
        new KubernetesNetwork(
            source, List.of(ServiceTarget.parse("orders.shop:443")), Clock.systemUTC())) {
      assertThat(SelfCheck.of(network).render())
          .contains("none is checked: " + STALE, "See health()")
          .doesNotContain("ownPod");
    }
  }
}
