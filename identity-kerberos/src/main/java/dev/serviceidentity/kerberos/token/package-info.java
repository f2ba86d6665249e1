// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The messages between a caller and a service, as they are written and read: SPNEGO, the tokens of
 * the Kerberos mechanism, and what is sealed in them (RFC 4120 section 5.5, RFC 4121, RFC 4178).
 * Judges nobody. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.token;

import org.jspecify.annotations.NullMarked;
