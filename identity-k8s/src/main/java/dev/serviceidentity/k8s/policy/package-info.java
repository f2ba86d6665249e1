// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The policy engine: decides flows by the facts of a cluster and explains each decision from the
 * same compiled form. Pure: no input, no output, no clock, no Kubernetes client.
 */
@NullMarked
package dev.serviceidentity.k8s.policy;

import org.jspecify.annotations.NullMarked;
