// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What a KDC gives, and whom it names: tickets with their session keys, and principals. Used by
 * this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.ticket;

import org.jspecify.annotations.NullMarked;
