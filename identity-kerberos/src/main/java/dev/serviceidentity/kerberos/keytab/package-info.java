// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The keys of a service in MIT's keytab format: the file, its entries, and what is wrong with them.
 * Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.keytab;

import org.jspecify.annotations.NullMarked;
