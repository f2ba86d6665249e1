// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * A client of KDCs: the exchanges in which a service proves itself and is given tickets (RFC 4120
 * sections 3.1 and 3.3). Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.kdc;

import org.jspecify.annotations.NullMarked;
