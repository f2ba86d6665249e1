// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

/** What a loopback address in a pod's status is. */
public enum Loopback {
  /** No address of the pod: any process of any host can have it. */
  IGNORED,
  /** The pod's own, where one machine plays a cluster. */
  TRUSTED
}
