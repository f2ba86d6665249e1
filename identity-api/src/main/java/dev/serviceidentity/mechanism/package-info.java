// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * How this service proves its own identity to others, and what a way of proving it must offer.
 */
@NullMarked
package dev.serviceidentity.mechanism;

import org.jspecify.annotations.NullMarked;
