// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The facade: one object by which a service proves who it is, knows who calls it, and knows whether
 * that caller is allowed to be there.
 */
@NullMarked
package dev.serviceidentity;

import org.jspecify.annotations.NullMarked;
