// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.RandomOctets;

/**
 * What all exchanges of one client share.
 *
 * @param kdcs whom to ask
 * @param clock what time it is there
 * @param random for nonces, keys and confounders
 */
record Means(Kdcs kdcs, KdcClock clock, RandomOctets random) {}
