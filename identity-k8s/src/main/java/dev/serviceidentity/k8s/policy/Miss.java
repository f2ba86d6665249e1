// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** How a rule failed to admit a flow: what it asks for, and what the flow has instead. */
record Miss(String policyName, Difference peer, Difference port) {

  int distance() {
    return peer.distance() + port.distance();
  }

  /** For example: `allow-web` admits pods with `role=frontend`; the caller has `role=batch`. */
  String text() {
    return Quote.of(policyName) + " " + text("admits");
  }

  /** The same without the policy, and of a rule that may do something else with what it matches. */
  String text(String verb) {
    String on = port.wants().isEmpty() ? "" : " on " + port.wants();
    String and = peer.isNone() || port.isNone() ? "" : ", and ";
    return verb + " " + peer.wants() + on + "; " + peer.has() + and + port.has();
  }
}
