// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.LiveNetworkBuilder;
import dev.serviceidentity.k8s.NetworkBuilder;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spi.NetworkProvider;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.NetworkProperties;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The view of the cluster, as {@code serviceidentity.network.*} says. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({KubernetesNetwork.class, KubernetesClient.class})
class KubernetesView {
  private static final String GROUP = NetworkSettings.GROUP;

  @Bean
  @ConditionalOnMissingBean({NetworkProvider.class, ClusterNetwork.class})
  @ConditionalOnProperty(name = GROUP + ".mode", havingValue = "cluster")
  NetworkProvider clusterNetwork(
      NetworkProperties said, BeanFactory beans, ObjectProvider<KubernetesClient> clients) {
    if (!said.manifests().isEmpty()) {
      Misconfiguration.contradicts(GROUP + ".mode=cluster", List.of(GROUP + ".manifests"));
    }
    KubernetesClient client = clients.getIfAvailable();
    LiveNetworkBuilder builder =
        client == null ? KubernetesNetwork.inCluster() : KubernetesNetwork.using(client);
    return common(
        said.wholeCluster() ? builder.wholeCluster() : builder, said, WorkloadNames.of(beans));
  }

  @Bean
  @ConditionalOnMissingBean({NetworkProvider.class, ClusterNetwork.class})
  @ConditionalOnProperty(name = GROUP + ".mode", havingValue = "manifests")
  NetworkProvider manifestNetwork(NetworkProperties said, BeanFactory beans) {
    if (said.manifests().isEmpty()) {
      throw Misconfiguration.of(
          GROUP + ".manifests", "is missing: in which files or directories is the cluster?");
    }
    if (said.ownPod() == null) {
      throw Misconfiguration.of(
          GROUP + ".own-pod",
          "is missing: which pod of the manifests is this process, for example shop/orders-0?");
    }
    if (said.wholeCluster()) {
      Misconfiguration.contradicts(
          GROUP + ".mode=manifests, which are all there is to see,",
          List.of(GROUP + ".whole-cluster"));
    }
    return common(
        KubernetesNetwork.fromManifests(said.manifests().toArray(Path[]::new)),
        said,
        WorkloadNames.of(beans));
  }

  private static <B extends NetworkBuilder<B>> B common(
      NetworkBuilder<B> builder, NetworkProperties said, WorkloadNames names) {
    B view = builder.binding(names.binding());
    if (said.ownPod() != null) {
      String[] pod = said.ownPod().split("/", -1);
      if (pod.length != 2 || pod[0].isEmpty() || pod[1].isEmpty()) {
        throw Misconfiguration.of(
            GROUP + ".own-pod", "is namespace/name, not '" + said.ownPod() + "'");
      }
      view.ownPod(pod[0], pod[1]);
    }
    if (said.trustLoopbackPods()) {
      view.trustLoopbackPods();
    }
    said.targets()
        .forEach(target -> Misconfiguration.reading(GROUP + ".targets", () -> view.target(target)));
    return view;
  }
}
