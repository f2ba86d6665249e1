// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * DER, and the fields that messages of Kerberos and the GSS-API share, as they go over the wire.
 * Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.wire;

import org.jspecify.annotations.NullMarked;
