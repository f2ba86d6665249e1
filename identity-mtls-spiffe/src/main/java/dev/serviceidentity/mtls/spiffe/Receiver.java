// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;

/** Hears of answers and failures, on the thread of the agent. */
interface Receiver {
  void received(byte[] message);

  void failed(IdentityException why);
}
