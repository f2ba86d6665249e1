// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

/** The layers of the guard, in the order in which a request passes them. */
public enum Layer {
  /** Has the caller proven who it is? */
  IDENTITY,
  /** May somebody of that name call at all? */
  CALLER,
  /** Does the credential come from the workload that it belongs to? */
  BINDING,
  /** Do the network policies permit this path? */
  NETWORK
}
