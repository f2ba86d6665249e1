// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Where a caller is and what the network policies say: workloads, flows, decisions with their
 * explanations, and how fresh the view is that they were made from.
 */
@NullMarked
package dev.serviceidentity.network;

import org.jspecify.annotations.NullMarked;
