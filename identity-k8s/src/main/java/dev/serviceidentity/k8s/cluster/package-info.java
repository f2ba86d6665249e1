// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What the policy engine looks at: reads a cluster's objects and maps them to the engine's facts,
 * reporting each thing that cannot be trusted with its place.
 */
@NullMarked
package dev.serviceidentity.k8s.cluster;

import org.jspecify.annotations.NullMarked;
