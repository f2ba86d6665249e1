// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

/**
 * What a document is that says neither {@code apiVersion} nor {@code kind}, and has the fields of a
 * NetworkPolicy and no others. No cluster takes such a document.
 */
public enum UntypedPolicies {
  /** Not read; what it could touch is undecidable. For whoever admits callers by the answer. */
  UNREAD,
  /**
   * The NetworkPolicy that its author means, with a warning. For whoever tests policies before a
   * cluster has them.
   */
  BY_SHAPE
}
