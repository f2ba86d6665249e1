// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Kerberos: proves who this service is to others, and who calls it, by GSS-API and SPNEGO. */
@NullMarked
package dev.serviceidentity.kerberos;

import org.jspecify.annotations.NullMarked;
