// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Files of certificates and private keys, read with messages that say what to do.
 * Exported to identity-mtls-spiffe alone.
 */
@NullMarked
package dev.serviceidentity.mtls.pem;

import org.jspecify.annotations.NullMarked;
