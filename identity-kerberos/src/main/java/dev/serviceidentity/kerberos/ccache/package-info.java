// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Tickets that somebody else obtained, in the caches of MIT's kinit. Used by this module alone. */
@NullMarked
package dev.serviceidentity.kerberos.ccache;

import org.jspecify.annotations.NullMarked;
