// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** A service of one class, for its tests. */
@NullMarked
package dev.serviceidentity.samples.orders;

import org.jspecify.annotations.NullMarked;
