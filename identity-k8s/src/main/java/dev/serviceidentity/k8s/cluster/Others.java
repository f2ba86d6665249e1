// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

/** What becomes of a field that a shape does not read. */
@FunctionalInterface
interface Others {
  /** They are somebody else's. */
  Others IGNORED = (name, at, reading) -> false;

  /** They arrive without their value, for the mapping to the model to judge. */
  Others KEPT = (name, at, reading) -> true;

  /** Tells whether the field is to be kept, after reporting what is wrong with it. */
  boolean keeps(String name, FieldPath at, Reading reading);
}
