// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

/** Text that Helm has still to make a manifest of. */
final class HelmTemplate {
  static final String PROBLEM =
      "looks like an unrendered Helm template; give the output of `helm template` instead";

  private HelmTemplate() {}

  static boolean is(String text) {
    return text.contains("{{");
  }
}
