// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The encryption and checksum profiles of Kerberos on the JDK's AES and HMAC (RFC 3961, RFC 3962,
 * RFC 8009). Knows nothing of tickets. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.crypto;

import org.jspecify.annotations.NullMarked;
