// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Strict reading of DER, as little of it as this module needs, and of the names in a certificate.
 * Exported to identity-mtls-spiffe alone.
 */
@NullMarked
package dev.serviceidentity.mtls.der;

import org.jspecify.annotations.NullMarked;
