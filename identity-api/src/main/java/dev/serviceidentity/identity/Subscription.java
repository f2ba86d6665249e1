// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

/** A listener's registration; closing it ends the calls. Closing twice does nothing. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  /** Ends the registration. A call that is under way may still finish. */
  @Override
  void close();
}
