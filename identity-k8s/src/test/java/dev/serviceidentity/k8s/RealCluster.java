// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real API server, in a namespace of one's own. There is no kubelet: status is what tests say.
 */
public final class RealCluster implements AutoCloseable {
  private static final String PROPERTY = "cluster.kubeconfig";
  private static final String ENVIRONMENT = "CLUSTER_KUBECONFIG";

  /** What tests of one class do to views of the whole cluster that another one looks at. */
  public static final String WHOLE_VIEWS = "what views of the whole cluster show";

  /** For opening a view, where two processors do everything at once. */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String PREFIX = "test-";

  private final KubernetesClient client;
  private final String namespace;

  private RealCluster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  public static Path kubeconfig() {
    String handedOver = System.getenv().getOrDefault(ENVIRONMENT, "");
    String path = System.getProperty(PROPERTY, handedOver);
    Assumptions.assumeFalse(
        path.isEmpty(),
        "no kubeconfig of a kube-apiserver in the property " + PROPERTY + " or in " + ENVIRONMENT);
    return Path.of(path);
  }

  public static Config config() {
    try {
      return Config.fromKubeconfig(Files.readString(kubeconfig()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RealCluster open() {
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config()).build();
    String namespace = PREFIX + UUID.randomUUID();
    createNamespace(client, namespace, Map.of());
    return new RealCluster(client, namespace);
  }

  private static void createNamespace(
      KubernetesClient client, String name, Map<String, String> labels) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/metadata.name", name)
                .addToLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  public KubernetesClient client() {
    return client;
  }

  public String namespace() {
    return namespace;
  }

  /**
   * An address that no other test uses, written as a network plugin writes it: without leading
   * zeros, since the API server finds it by its text.
   */
  public String address(int number) {
    String random = namespace.substring(PREFIX.length());
    return "fd11:a%s:b%s::%x".formatted(random.substring(0, 3), random.substring(3, 6), number);
  }

  /** Who proves to be a service account of the namespace, by a SPIFFE ID of shop.example. */
  Caller caller(String account) {
    return callerOf("spiffe://shop.example/ns/" + namespace + "/sa/" + account);
  }

  static Caller callerOf(String principal) {
    Instant now = Instant.now();
    return Caller.of(PrincipalId.parse(principal), now, now.plusSeconds(600));
  }

  /** A view by one of the namespace's pods that knows such callers. */
  LiveNetworkBuilder viewBy(String pod) {
    return KubernetesNetwork.using(client)
        .ownPod(namespace, pod)
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
        .openTimeout(PATIENCE);
  }

  /** Creates objects from YAML in the namespace. */
  public void apply(String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(namespace)
        .serverSideApply();
  }

  /** Creates a pod that runs. */
  public void pod(String name, Map<String, String> labels, String account, String... addresses) {
    pod(name, labels, Map.of(), account, addresses);
  }

  /** The same with annotations. */
  public void pod(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      String account,
      String... addresses) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(account)
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();
    status(name, "Running", addresses);
  }

  public void status(String name, String phase, String... addresses) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .editStatus(
            pod -> {
              return new PodBuilder(pod)
                  .editOrNewStatus()
                  .withPhase(phase)
                  .withPodIP(addresses.length == 0 ? null : addresses[0])
                  .withPodIPs(Stream.of(addresses).map(each -> new PodIP(each)).toList())
                  .endStatus()
                  .build();
            });
  }

  public void label(String pod, String key, String value) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .edit(
            each ->
                new PodBuilder(each).editMetadata().addToLabels(key, value).endMetadata().build());
  }

  public void deletePod(String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  /** Deletes a pod that stays, as one does that still runs, until {@link #finish}. */
  public void deleteLater(String pod) {
    finalizers(pod, List.of("shop.example/stays"));
    deletePod(pod);
  }

  /** Ends what {@link #deleteLater} has begun. */
  public void finish(String pod) {
    finalizers(pod, List.of());
  }

  private void finalizers(String pod, List<String> names) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .edit(
            each ->
                new PodBuilder(each).editMetadata().withFinalizers(names).endMetadata().build());
  }

  /** The token of a new service account, which may nothing yet. */
  public String token(String account) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(account)
                .endMetadata()
                .build())
        .serverSideApply();
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest(new TokenRequest())
        .getStatus()
        .getToken();
  }

  /** Lets an account list and watch resources in all namespaces, and nothing else there. */
  public void grant(String account, List<String> resources) {
    apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: %1$s}
        rules:
        - apiGroups: ["", networking.k8s.io, discovery.k8s.io]
          resources: %3$s
          verbs: [list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
        subjects: [{kind: ServiceAccount, name: %2$s, namespace: %1$s}]
        """
            .formatted(namespace, account, resources));
  }

  /** Lets an account list and watch resources in this namespace. */
  public void grantHere(String account, List<String> resources) {
    apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: %2$s}
        rules: [{apiGroups: ["", networking.k8s.io], resources: %3$s, verbs: [list, watch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: %2$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %2$s}
        subjects: [{kind: ServiceAccount, name: %2$s, namespace: %1$s}]
        """
            .formatted(namespace, account, resources));
  }

  /** A client with a token that may change. */
  public static KubernetesClient clientWith(Supplier<String> token) {
    Config admin = config();
    Config limited =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(admin.getMasterUrl())
            .withCaCertData(admin.getCaCertData())
            .withOauthTokenProvider(token::get)
            .build();
    return new KubernetesClientBuilder().withConfig(limited).build();
  }

  /** Closes what has been opened; a test that is skipped has opened nothing. */
  public static void closeAll(AutoCloseable... opened) throws Exception {
    for (AutoCloseable each : opened) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Override
  public void close() {
    client.rbac().clusterRoleBindings().withName(namespace).delete();
    client.rbac().clusterRoles().withName(namespace).delete();
    client.namespaces().withName(namespace).delete();
    endPods();
    client.close();
  }

  /** At once: there is no kubelet to end those that have a node, and a namespace waits for all. */
  private void endPods() {
    var pods = client.pods().inNamespace(namespace);
    pods.list().getItems().stream()
        .filter(each -> !each.getMetadata().getFinalizers().isEmpty())
        .forEach(each -> finish(each.getMetadata().getName()));
    pods.withGracePeriod(0).delete();
  }
}
