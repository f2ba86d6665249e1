// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Noticing that something has changed. Not exported. */
@NullMarked
package dev.serviceidentity.mtls.upkeep;

import org.jspecify.annotations.NullMarked;
