// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.ManifestSource;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.UntypedPolicies;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {
  private static final String OTHER = pod("other", "", "", "");

  @TempDir private Path directory;

  private Manifests read(UntypedPolicies untyped, String... documents) {
    try {
      Path file =
          Files.writeString(directory.resolve("all.yaml"), String.join("\n---\n", documents));
      return ManifestReader.read(
          List.of(new ManifestSource.OfPath(file)), Loopback.IGNORED, untyped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Inventory inventory(String... documents) {
    return Inventory.of(read(UntypedPolicies.UNREAD, documents));
  }

  private static String workload(String kind, String name, String label) {
    return "{apiVersion: apps/v1, kind: %s, metadata: {namespace: a, name: %s}, spec: {template: {metadata: {labels: {app: %s}}}}}"
        .formatted(kind, name, label);
  }

  private static String pod(String name, String labels, String owner, String status) {
    String owners = owner.isEmpty() ? "" : ", ownerReferences: [" + owner + "]";
    return "{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: %s, labels: {%s}%s}, status: {%s}}"
        .formatted(name, labels, owners, status);
  }

  private static String policy(String spec) {
    return "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: a, name: p}, spec: %s}"
        .formatted(spec);
  }

  private static List<String> names(Inventory inventory) {
    return inventory.workloads().stream()
        .map(Inventory.Workload::pods)
        .map(w -> w.kind() + " " + w.displayName() + " " + w.pods())
        .toList();
  }

  @Test
  void podsBelongToTheWorkloadThatMadeThem() {
    String replicas = "{kind: ReplicaSet, name: web-5d8}";

    assertThat(
            names(
                inventory(
                    workload("Deployment", "web", "web"),
                    pod("web-5d8-x", "app: web, pod-template-hash: 5d8", replicas, ""),
                    pod("web-5d8-y", "app: web, pod-template-hash: 5d8", replicas, ""),
                    pod("alone", "", "", ""),
                    pod("etcd", "", "{kind: Node, name: n1}", ""))))
        .containsExactly(
            "Deployment a/web [web-5d8-x, web-5d8-y]", "Pod a/alone [alone]", "Pod a/etcd [etcd]");
  }

  @Test
  void aPodsOwnRecordNamesItsWorkloadWhereNoOtherObjectDoes() {
    assertThat(
            names(
                inventory(
                    pod("web-1", "pod-template-hash: 5d8", "{kind: ReplicaSet, name: web-5d8}", ""),
                    pod("db-0", "", "{kind: StatefulSet, name: db}", ""))))
        .containsExactly("Deployment a/web [web-1]", "StatefulSet a/db [db-0]");
  }

  @Test
  void twoWorkloadsOfOneNameStayTwo() {
    assertThat(
            names(inventory(workload("Deployment", "w", "d"), workload("StatefulSet", "w", "s"))))
        .containsExactly("Deployment a/w [w]", "StatefulSet a/w [StatefulSet/w]");
  }

  @Test
  void aWorkloadOwnedByAnotherOfItsOwnNameIsNotTakenForItsPart() {
    String rolled =
        "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: a, name: w,"
            + " ownerReferences: [{kind: Rollout, name: w}]}, spec: {template: {}}}";

    assertThat(names(inventory(rolled))).containsExactly("ReplicaSet a/w [w]");
  }

  @Test
  void podsBelongToTheOwnerOfTheReplicaSetThatMadeThem() {
    String set =
        "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: a, name: web-%s,"
            + " ownerReferences: [{kind: Deployment, name: web}]}, spec: {template: {metadata:"
            + " {labels: {app: web, pod-template-hash: '%s'}}}}}";
    String pod =
        pod(
            "web-5d8-x",
            "app: web, pod-template-hash: '5d8'",
            "{kind: ReplicaSet, name: web-5d8}",
            "");

    assertThat(names(inventory(pod, set.formatted("5d8", "5d8"), set.formatted("4c7", "4c7"))))
        .containsExactly("Deployment a/web [web-5d8-x]");
    assertThat(names(inventory(set.formatted("5d8", "5d8"))))
        .containsExactly("ReplicaSet a/web-5d8 [web-5d8]");
    String made =
        workload("StatefulSet", "db", "db")
            .replace("name: db", "name: db, ownerReferences: [{kind: Database, name: main}]");
    assertThat(names(inventory(made, pod("db-0", "app: db", "{kind: StatefulSet, name: db}", ""))))
        .containsExactly("StatefulSet a/db [db-0]");
  }

  @Test
  void aPodOfAWorkloadWithALongerNameIsNotTaken() {
    String admin = pod("x", "app: web, role: admin", "{kind: ReplicaSet, name: web-admin-5d}", "");
    String[] both = {
      workload("Deployment", "web", "web"), workload("Deployment", "web-admin", "web"), admin
    };

    assertThat(names(inventory(both[0], admin)))
        .containsExactly("ReplicaSet a/web-admin-5d [x]", "Deployment a/web [web]");
    assertThat(names(inventory(both)))
        .containsExactly(
            "ReplicaSet a/web-admin-5d [x]",
            "Deployment a/web [web]",
            "Deployment a/web-admin [web-admin]");
    both[2] = admin.replace("app: web,", "app: web, pod-template-hash: 5d,");
    assertThat(names(inventory(both)))
        .containsExactly("Deployment a/web-admin [x]", "Deployment a/web [web]");
  }

  @Test
  void aPodBelongsToTheKindThatItsOwnerHas() {
    assertThat(
            names(
                inventory(
                    workload("Deployment", "w", "w"),
                    workload("StatefulSet", "w", "w"),
                    pod("w-0", "app: w", "{kind: StatefulSet, name: w}", ""))))
        .containsExactly("StatefulSet a/w [w-0]", "Deployment a/w [w]");
  }

  @Test
  void aReplicaSetThatIsShownSaysItselfWhoseItIs() {
    String set = workload("ReplicaSet", "web-5d8", "web");
    String pod =
        pod("x", "app: web, pod-template-hash: 5d8", "{kind: ReplicaSet, name: web-5d8}", "");
    String web = workload("Deployment", "web", "web");

    assertThat(names(inventory(web, set, pod)))
        .containsExactly("ReplicaSet a/web-5d8 [x]", "Deployment a/web [web]");
    String owned = "name: web-5d8, ownerReferences: [{kind: Deployment, name: web}]";
    assertThat(names(inventory(web, set.replace("name: web-5d8", owned), pod)))
        .containsExactly("Deployment a/web [x]");
  }

  @Test
  void aTemplateStandsBesidePodsThatMayBeAnothers() {
    String nightly =
        "{apiVersion: batch/v1, kind: CronJob, metadata: {namespace: a, name: nightly}, spec:"
            + " {jobTemplate: {spec: {template: {metadata: {labels: {app: night}}}}}}}";
    String job = "{kind: Job, name: nightly-29012345}";
    String shown =
        "{apiVersion: batch/v1, kind: Job, metadata: {namespace: a, name: nightly-29012345%s},"
            + " spec: {template: {metadata: {labels: {app: night}}}}}";

    assertThat(names(inventory(nightly, pod("x", "app: night", job, ""))))
        .containsExactly("CronJob a/nightly [x, CronJob/nightly]");
    assertThat(names(inventory(nightly, shown.formatted(""), pod("x", "app: night", job, ""))))
        .containsExactly("Job a/nightly-29012345 [x]", "CronJob a/nightly [nightly]");
    String owner = ", ownerReferences: [{kind: CronJob, name: nightly}]";
    assertThat(names(inventory(nightly, shown.formatted(owner), pod("x", "app: night", job, ""))))
        .containsExactly("CronJob a/nightly [x]");
  }

  @Test
  void aTemplateStandsBesidePodsOfAnotherRevision() {
    String old = pod("db-0", "app: old", "{kind: StatefulSet, name: db}", "");

    Manifests manifests = read(UntypedPolicies.UNREAD, workload("StatefulSet", "db", "db"), old);
    assertThat(names(Inventory.of(manifests)))
        .containsExactly("StatefulSet a/db [db-0, StatefulSet/db]");
    assertThat(manifests.report().of(Severity.NOTE))
        .singleElement()
        .asString()
        .contains("stands beside them and goes by StatefulSet/db");
  }

  @Test
  void workloadsThatOwnEachOtherDoNotVanish() {
    String deployment =
        workload("Deployment", "d, ownerReferences: [{kind: StatefulSet, name: s}]", "d");
    String set = workload("StatefulSet", "s, ownerReferences: [{kind: Deployment, name: d}]", "s");

    assertThat(names(inventory(deployment, set)))
        .containsExactly("Deployment a/d [d]", "StatefulSet a/s [s]");
  }

  @Test
  void podsThatNoPolicyTellsApartAreOneGroup() {
    String owner = "{kind: StatefulSet, name: db}";
    String[] pods = {
      pod("db-0", "part: '0'", owner, "podIP: 10.0.0.1"),
      pod("db-1", "part: '1'", owner, "podIP: 10.0.0.2"),
      pod("db-2", "part: '2'", owner, "podIP: 10.0.0.3, phase: Failed"),
    };
    assertThat(groups(pods, "{podSelector: {matchLabels: {app: x}}}"))
        .containsExactly(List.of("db-0", "db-1"));
    assertThat(groups(pods, "{podSelector: {matchLabels: {part: '1'}}}"))
        .containsExactly(List.of("db-0"), List.of("db-1"));
    assertThat(
            groups(pods, "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.2/32}}]}]}"))
        .containsExactly(List.of("db-0"), List.of("db-1"));
  }

  private List<List<String>> groups(String[] pods, String policy) {
    return inventory(pods[0], pods[1], pods[2], policy(policy)).workloads().get(0).groups().stream()
        .map(Inventory.Group::pods)
        .toList();
  }

  @Test
  void portsAreCutWherePoliciesCutThem() {
    var distinctions =
        inventory(
                "{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: x}, spec: {containers:"
                    + " [{ports: [{name: web, containerPort: 8080}, {name: other, containerPort: 9}]}]}}",
                policy(
                    "{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}, {port: web},"
                        + " {protocol: UDP, port: 65535}, {protocol: SCTP}]}]}"))
            .distinctions();

    assertThat(distinctions.firstPorts(Protocol.TCP)).containsExactly(1, 80, 91, 8080, 8081);
    assertThat(distinctions.firstPorts(Protocol.UDP)).containsExactly(1, 65535);
    assertThat(distinctions.firstPorts(Protocol.SCTP)).containsExactly(1);
  }

  @Test
  void blocksAndOwnersOfAddressesAreListed() {
    Inventory inventory =
        inventory(
            pod("x", "", "", "podIP: 10.0.0.1, hostIP: 192.168.0.1"),
            pod("ended", "", "", "podIP: 10.0.0.9, phase: Succeeded"),
            policy(
                "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.1.2.3/8, except: [10.2.0.0/16]}}]}]}"));

    assertThat(inventory.distinctions().blocks())
        .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("10.2.0.0/16"));
    assertThat(inventory.owned())
        .containsExactlyInAnyOrder(IpAddress.parse("10.0.0.1"), IpAddress.parse("192.168.0.1"));
  }

  @Test
  void anUntypedPolicyIsReadByItsFieldsOnlyWhereAskedFor() {
    String untyped = "{metadata: {namespace: a, name: p}, spec: {podSelector: {}}}";

    assertThat(verdict(read(UntypedPolicies.UNREAD, pod("x", "", "", ""), OTHER, untyped)))
        .isEqualTo(Verdict.UNDECIDABLE);
    Manifests byShape = read(UntypedPolicies.BY_SHAPE, pod("x", "", "", ""), OTHER, untyped);
    assertThat(verdict(byShape)).isEqualTo(Verdict.DENIED);
    assertThat(byShape.report().of(Severity.WARNING)).hasSize(1);
    String more = "{metadata: {namespace: a, name: p}, spec: {podSelector: {}, action: x}}";
    assertThat(verdict(read(UntypedPolicies.BY_SHAPE, pod("x", "", "", ""), OTHER, more)))
        .isEqualTo(Verdict.UNDECIDABLE);
  }

  private static Verdict verdict(Manifests manifests) {
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(manifests).open()) {
      FlowEnd x = FlowEnd.pod("a", "x");
      FlowEnd other = FlowEnd.pod("a", "other");
      return network.check(new Flow(other, x, 80, Protocol.TCP, Flow.Side.INGRESS)).verdict();
    }
  }
}
