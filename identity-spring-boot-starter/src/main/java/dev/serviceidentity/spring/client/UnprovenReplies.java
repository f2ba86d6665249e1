// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

/** What becomes of a reply that does not prove who sent it, although nothing in it is wrong. */
public enum UnprovenReplies {
  /**
   * It is an {@link UnprovenServiceException}, unless it refuses: what a refusal says is no reason
   * to trust, and its status tells what to do.
   */
  REFUSE,
  /**
   * It is used. For credentials that prove one end only, as tokens do: the other one is then proven
   * by TLS, or by nothing.
   */
  ACCEPT
}
