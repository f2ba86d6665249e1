// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Kerberos: proves who this service is to others, and who calls it, in SPNEGO or bare (RFC 4559). */
@NullMarked
package dev.serviceidentity.kerberos;

import org.jspecify.annotations.NullMarked;
