// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

/**
 * Who may keep an open connection on which no request comes. Given to mechanisms, which ask again
 * and again: quick and thread-safe.
 */
@FunctionalInterface
public interface ConnectionRule {
  /**
   * Says whether there may be a call that a caller may make.
   *
   * @param caller who has proven itself on a connection
   * @return true for whoever may call
   */
  boolean isWelcome(Caller caller);

  /**
   * Says whether a caller who is not welcome was so a moment ago, so that its connections end that
   * nobody had looked at before. Without this, those end that had been seen while it was welcome.
   *
   * @param caller who has proven itself on a connection
   * @return false unless overridden
   */
  default boolean wasWelcome(Caller caller) {
    return false;
  }
}
