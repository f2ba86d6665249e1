// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Noticing that something has changed, and trying again what has failed.
 * Exported to identity-mtls-spiffe alone.
 */
@NullMarked
package dev.serviceidentity.mtls.upkeep;

import org.jspecify.annotations.NullMarked;
