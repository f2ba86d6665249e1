// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * Instructions for changing the manifests beside them. They may change any label, namespace or
 * policy, so that what the files say without them is not what a cluster gets.
 */
final class Kustomization {
  private static final Set<String> NAMES =
      Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");
  private static final String API = "kustomize.config.k8s.io/";

  private Kustomization() {}

  /** By its file: it need not say what it is. */
  static boolean isNamed(Path file) {
    return NAMES.contains(String.valueOf(file.getFileName()));
  }

  static boolean isOne(ManifestObject object) {
    return object.apiVersion().startsWith(API);
  }

  static String problem() {
    return problem("");
  }

  static String problemOf(Path file) {
    return problem(" " + Objects.requireNonNullElse(file.getParent(), Path.of(".")));
  }

  private static String problem(String directory) {
    return "is not applied; give the output of `kustomize build" + directory + "` instead";
  }
}
