// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spi.NetworkProvider;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.NetworkProperties;
import dev.serviceidentity.spring.properties.NetworkProperties.Mode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** Whether there is a view of the cluster, and what is demanded of callers by it. */
record NetworkSettings(
    NetworkProperties said, @Nullable NetworkProvider provider, @Nullable ClusterNetwork opened) {
  static final String GROUP = "serviceidentity.network";

  static NetworkSettings of(BeanFactory beans) {
    return new NetworkSettings(
        beans.getBean(NetworkProperties.class),
        beans.getBeanProvider(NetworkProvider.class).getIfAvailable(),
        beans.getBeanProvider(ClusterNetwork.class).getIfAvailable());
  }

  boolean isUnsaid() {
    return said.mode() == null && provider == null && opened == null;
  }

  void applyTo(ServiceIdentityBuilder builder, List<String> needingNetwork) {
    if (said.mode() == Mode.IDENTITY_ALONE) {
      List<String> meaningless = new ArrayList<>(meaninglessAlone());
      meaningless.addAll(needingNetwork);
      Misconfiguration.contradicts(GROUP + ".mode=identity-alone", meaningless);
      builder.trustIdentityAlone();
      return;
    }
    if (provider != null) {
      builder.network(runtime -> FailingPart.of(GROUP, () -> provider.open(runtime)));
    } else if (opened != null) {
      builder.network(opened);
    } else if (said.mode() != null) {
      throw Misconfiguration.of(
          GROUP + ".mode",
          "needs the module identity-k8s; add it to the dependencies of this service");
    }
    demands(builder);
  }

  private void demands(ServiceIdentityBuilder builder) {
    if (said.checkCallerEgress()) {
      builder.checkCallerEgress();
    }
    if (said.requirePodBoundCredential()) {
      builder.requirePodBoundCredential();
    }
    if (!said.admitUnbound().isEmpty()) {
      builder.admitUnbound(
          Misconfiguration.reading(
              GROUP + ".admit-unbound",
              () -> AllowedCallers.principals(said.admitUnbound().toArray(String[]::new))));
    }
  }

  /** What was said although there is no view that it could be about. */
  private List<String> meaninglessAlone() {
    List<String> names = new ArrayList<>();
    addIf(provider != null || opened != null, "the application's own network bean", names);
    addIf(!said.manifests().isEmpty(), GROUP + ".manifests", names);
    addIf(said.ownPod() != null, GROUP + ".own-pod", names);
    addIf(said.wholeCluster(), GROUP + ".whole-cluster", names);
    addIf(said.trustLoopbackPods(), GROUP + ".trust-loopback-pods", names);
    addIf(said.checkCallerEgress(), GROUP + ".check-caller-egress", names);
    addIf(said.requirePodBoundCredential(), GROUP + ".require-pod-bound-credential", names);
    addIf(!said.admitUnbound().isEmpty(), GROUP + ".admit-unbound", names);
    addIf(!said.targets().isEmpty(), GROUP + ".targets", names);
    addIf(!said.binding().isEmpty(), GROUP + ".binding", names);
    return names;
  }

  private static void addIf(boolean said, String name, List<String> names) {
    if (said) {
      names.add(name);
    }
  }
}
