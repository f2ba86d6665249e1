// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The cluster as the library's guard sees it: binds proven names to workloads, finds the pods behind
 * addresses, and decides flows by the network policies in force.
 */
@NullMarked
package dev.serviceidentity.k8s;

import org.jspecify.annotations.NullMarked;
