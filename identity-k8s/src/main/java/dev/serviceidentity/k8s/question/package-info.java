// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Questions as people ask them: whether one end may reach another at a port, where an end is a pod,
 * a workload, an address, or the world outside.
 */
@NullMarked
package dev.serviceidentity.k8s.question;

import org.jspecify.annotations.NullMarked;
