// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.network.FlowEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static Directory directory(String... objects) {
    Manifests manifests =
        TestCluster.of(TestCluster.namespace("shop", ""), String.join("\n---\n", objects))
            .manifests();
    return Directory.of(Inventory.of(manifests), manifests.report());
  }

  private static Party find(String reference, String... objects) {
    return directory(objects).find(Reference.parse(reference));
  }

  private static String owned(String name, String kind, String owner) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: shop, ownerReferences: [{kind: %s, name: "%s"}]}
        spec: {containers: []}
        """
        .formatted(name, kind, owner);
  }

  private static String deployment(String name) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s, namespace: shop}
        spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}
        """
        .formatted(name);
  }

  private static List<FlowEnd> ends(Party party) {
    return party.members().stream().flatMap(member -> member.ends().stream()).toList();
  }

  @Test
  void aNameThatAPodAndAWorkloadShareMayBeAnyOfThem() {
    String[] both = {deployment("a"), TestCluster.pod("shop/a", "c: d", "10.1.0.1")};

    assertThatThrownBy(() -> find("shop/a", both))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("may be any of shop/Deployment/a, shop/Pod/a");
    assertThat(ends(find("shop/Pod/a", both))).containsExactly(FlowEnd.pod("shop", "a"));
    assertThat(ends(find("shop/Deployment/a", both)))
        .containsExactly(FlowEnd.pod("shop", "Deployment/a"));
  }

  @Test
  void aNameOfAPodAndOfTheWorkloadOfAnotherMayBeAnyOfThem() {
    assertThatThrownBy(
            () ->
                find(
                    "shop/build",
                    owned("build", "Workflow", "build"),
                    owned("build-2", "Workflow", "build")))
        .hasMessageContaining("may be any of shop/Pod/build, shop/Workflow/build");
  }

  @Test
  void aPodThatIsNamedLikeItsOwnerIsAPodAndNoTemplate() {
    String build = owned("build", "Workflow", "build");

    assertThat(ends(find("shop/Pod/build", build))).containsExactly(FlowEnd.pod("shop", "build"));
    assertThat(find("shop/build", build).standsForMany()).isFalse();
    assertThat(find("shop/Workflow/build", build).standsForMany()).isFalse();
  }

  @Test
  void aTemplateStandsForManyAndIsNoPod() {
    assertThat(find("shop/a", deployment("a")).standsForMany()).isTrue();
    assertThatThrownBy(() -> find("shop/Pod/a", deployment("a")))
        .hasMessageContaining("no pod or workload shop/Pod/a");
  }

  @Test
  void aTemplateThatStandsBesidePodsIsNoPod() {
    String pod = owned("a-1", "Deployment", "a");

    assertThat(find("shop/a", deployment("a"), pod).standsForMany()).isTrue();
    assertThatThrownBy(() -> find("shop/Pod/x", deployment("a"), pod))
        .hasMessageEndingWith("there are shop/a, shop/a-1");
  }

  @Test
  void anOwnerWhoseNameNoObjectCanHaveIsNoWorkload() {
    String pod = owned("x", "X", "Deployment/a");

    assertThat(directory(pod).find(Reference.parse("shop/Pod/x")).label()).isEqualTo("shop/x");
    assertThatThrownBy(() -> directory(pod).find(new Reference.OfKind("shop", "X", "Deployment/a")))
        .hasMessageContaining("no pod or workload");
  }
}
