// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

/**
 * How many authenticators one slice may hold, given what the others do.
 *
 * @param ofClient of the client that asks
 * @param ofAll of all clients
 */
record Room(int ofClient, int ofAll) {}
