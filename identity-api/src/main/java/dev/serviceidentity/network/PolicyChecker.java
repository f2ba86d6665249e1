// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

/** Decides flows by the network policies in force. Thread-safe; works in memory. */
@FunctionalInterface
public interface PolicyChecker {
  /**
   * Decides one flow.
   *
   * @param flow who opens a connection to whom, and on which side it is asked
   * @return the decision; {@code UNDECIDABLE} wherever a fact is missing, never an exception
   */
  PolicyDecision check(Flow flow);
}
