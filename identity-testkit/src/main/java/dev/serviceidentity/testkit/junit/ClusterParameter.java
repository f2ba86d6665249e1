// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import dev.serviceidentity.testkit.cluster.FakeCluster;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;

/** A cluster, one for equal annotations. */
final class ClusterParameter implements ParameterKind {
  @Override
  public boolean matches(ParameterContext parameter) {
    return parameter.isAnnotated(Cluster.class);
  }

  @Override
  public Object resolve(ParameterContext parameter, Store store) {
    Cluster wanted = parameter.findAnnotation(Cluster.class).orElseThrow();
    return store.computeIfAbsent(wanted, ClusterParameter::create, FakeCluster.class);
  }

  private static FakeCluster create(Cluster wanted) {
    FakeCluster cluster = FakeCluster.create();
    if (wanted.value().length > 0) {
      cluster.apply(Stream.of(wanted.value()).map(Path::of).toArray(Path[]::new));
    }
    return wanted.ownPod().isEmpty() ? cluster : cluster.ownPod(wanted.ownPod());
  }
}
