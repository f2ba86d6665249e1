// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Bounds the work that callers may cause elsewhere, so that none can keep others from being served.
 */
@NullMarked
package dev.serviceidentity.k8s.budget;

import org.jspecify.annotations.NullMarked;
