// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static dev.serviceidentity.k8s.cluster.Scalar.FLAG;
import static dev.serviceidentity.k8s.cluster.Scalar.TEXT;
import static dev.serviceidentity.k8s.cluster.Scalar.TEXT_OR_NUMBER;
import static dev.serviceidentity.k8s.cluster.Scalar.WHOLE_NUMBER;
import static dev.serviceidentity.k8s.cluster.Shape.exactly;
import static dev.serviceidentity.k8s.cluster.Shape.fields;
import static dev.serviceidentity.k8s.cluster.Shape.list;
import static dev.serviceidentity.k8s.cluster.Shape.strictly;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpec;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.Map;

/** What is read of each kind of object, and nothing else is. */
final class Shapes {
  private static final Shape LABELS = new Shape.Labels();

  private static final Shape OWNED =
      strictly(
          ObjectMeta.class,
          Map.of(
              "name", TEXT,
              "namespace", TEXT,
              "uid", TEXT,
              "deletionTimestamp", TEXT,
              "labels", LABELS,
              "ownerReferences",
                  list(fields(OwnerReference.class, Map.of("kind", TEXT, "name", TEXT)))));

  private static final Shape SERVICE_PORT =
      fields(
          Map.of(
              "name", TEXT,
              "port", WHOLE_NUMBER,
              "targetPort", TEXT_OR_NUMBER,
              "protocol", TEXT));

  static final Shape SERVICE =
      fields(
          Map.of(
              "spec",
              fields(
                  Map.of(
                      "type", TEXT,
                      "clusterIP", TEXT,
                      "selector", LABELS,
                      "ports", list(SERVICE_PORT)))));

  static final Shape NAMESPACE =
      strictly(
          Namespace.class,
          Map.of("metadata", strictly(ObjectMeta.class, Map.of("name", TEXT, "labels", LABELS))));

  private static final Shape NODE_ADDRESS =
      fields(NodeAddress.class, Map.of("type", TEXT, "address", TEXT));

  static final Shape NODE =
      strictly(
          Node.class,
          Map.of(
              "metadata", strictly(ObjectMeta.class, Map.of("name", TEXT)),
              "status", fields(NodeStatus.class, Map.of("addresses", list(NODE_ADDRESS)))));

  static final Shape SERVICE_ACCOUNT =
      strictly(
          ServiceAccount.class,
          Map.of(
              "metadata",
              strictly(
                  ObjectMeta.class,
                  Map.of("name", TEXT, "namespace", TEXT, "annotations", LABELS))));

  private static final Shape CONTAINER_PORT =
      fields(
          ContainerPort.class,
          Map.of("name", TEXT, "containerPort", WHOLE_NUMBER, "protocol", TEXT));

  private static final Shape CONTAINERS =
      list(fields(Container.class, Map.of("restartPolicy", TEXT, "ports", list(CONTAINER_PORT))));

  private static final Shape POD_SPEC =
      fields(
          PodSpec.class,
          Map.of(
              "nodeName", TEXT,
              "hostNetwork", FLAG,
              "serviceAccountName", TEXT,
              "serviceAccount", TEXT,
              "containers", CONTAINERS,
              "initContainers", CONTAINERS));

  private static final Shape POD_STATUS =
      fields(
          PodStatus.class,
          Map.of(
              "phase", TEXT,
              "podIP", TEXT,
              "podIPs", list(fields(PodIP.class, Map.of("ip", TEXT))),
              "hostIP", TEXT,
              "hostIPs", list(fields(HostIP.class, Map.of("ip", TEXT)))));

  static final Shape POD =
      strictly(Pod.class, Map.of("metadata", OWNED, "spec", POD_SPEC, "status", POD_STATUS));

  private static final Map<String, Shape> WITH_TEMPLATE = Map.of("template", new Shape.Elsewhere());

  static final Shape DEPLOYMENT = workload(Deployment.class, DeploymentSpec.class);
  static final Shape STATEFUL_SET = workload(StatefulSet.class, StatefulSetSpec.class);
  static final Shape DAEMON_SET = workload(DaemonSet.class, DaemonSetSpec.class);
  static final Shape REPLICA_SET = workload(ReplicaSet.class, ReplicaSetSpec.class);
  static final Shape REPLICATION_CONTROLLER =
      workload(ReplicationController.class, ReplicationControllerSpec.class);
  static final Shape JOB = workload(Job.class, JobSpec.class);

  private static final Shape JOB_TEMPLATE =
      strictly(JobTemplateSpec.class, Map.of("spec", fields(JobSpec.class, WITH_TEMPLATE)));

  static final Shape CRON_JOB =
      strictly(
          CronJob.class,
          Map.of(
              "metadata",
              OWNED,
              "spec",
              fields(CronJobSpec.class, Map.of("jobTemplate", JOB_TEMPLATE))));

  static final Shape POD_TEMPLATE =
      strictly(
          PodTemplateSpec.class,
          Map.of(
              "metadata", strictly(ObjectMeta.class, Map.of("labels", LABELS)), "spec", POD_SPEC));

  static final Shape SELECTOR =
      exactly(
          Map.of(
              "matchLabels",
              LABELS,
              "matchExpressions",
              list(exactly(Map.of("key", TEXT, "operator", TEXT, "values", list(TEXT))))));

  private static final Shape BLOCK =
      strictly(IPBlock.class, Map.of("cidr", TEXT, "except", list(TEXT)));

  private static final Shape PEERS =
      list(
          strictly(
              NetworkPolicyPeer.class,
              Map.of("podSelector", SELECTOR, "namespaceSelector", SELECTOR, "ipBlock", BLOCK)));

  private static final Shape PORTS =
      list(
          strictly(
              NetworkPolicyPort.class,
              Map.of("protocol", TEXT, "port", TEXT_OR_NUMBER, "endPort", WHOLE_NUMBER)));

  private static final Shape INGRESS =
      list(strictly(NetworkPolicyIngressRule.class, Map.of("from", PEERS, "ports", PORTS)));

  private static final Shape EGRESS =
      list(strictly(NetworkPolicyEgressRule.class, Map.of("to", PEERS, "ports", PORTS)));

  /** Any object of some namespace. */
  static final Shape NAMED =
      fields(Map.of("metadata", fields(Map.of("name", TEXT, "namespace", TEXT))));

  static final Shape NETWORK_POLICY =
      strictly(
          NetworkPolicy.class,
          Map.of(
              "metadata", strictly(ObjectMeta.class, Map.of("name", TEXT, "namespace", TEXT)),
              "status", fields(Map.of()),
              "spec",
                  strictly(
                      NetworkPolicySpec.class,
                      Map.of(
                          "podSelector", SELECTOR,
                          "policyTypes", list(TEXT),
                          "ingress", INGRESS,
                          "egress", EGRESS))));

  private Shapes() {}

  private static Shape workload(Class<?> type, Class<?> spec) {
    return strictly(type, Map.of("metadata", OWNED, "spec", fields(spec, WITH_TEMPLATE)));
  }
}
