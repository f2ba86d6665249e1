// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * A certificate authority inside the process, for development and tests: never for production.
 * {@link dev.serviceidentity.mtls.development.DevelopmentCa} is the entry.
 */
@NullMarked
package dev.serviceidentity.mtls.development;

import org.jspecify.annotations.NullMarked;
