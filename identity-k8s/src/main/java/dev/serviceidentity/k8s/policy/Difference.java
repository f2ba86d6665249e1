// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/**
 * How far a flow is from what one peer or port of a rule asks for.
 *
 * @param distance grows with what would have to change
 * @param wants what the rule asks for
 * @param has what the flow has instead; empty where nothing differs
 */
record Difference(int distance, String wants, String has) {
  static final int LABEL = 2;
  static final int PORT = 2;
  static final int NAMESPACE = 3;
  static final int PROTOCOL = 3;
  static final int ADDRESS = 6;
  static final int KIND = 8;
  static final int BROKEN = 100;

  static Difference none(String wants) {
    return new Difference(0, wants, "");
  }

  boolean isNone() {
    return distance == 0;
  }
}
