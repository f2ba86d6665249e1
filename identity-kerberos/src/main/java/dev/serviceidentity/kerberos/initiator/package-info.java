// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Calls others: logs in and stays logged in, gets and keeps tickets for services, and makes tokens
 * of them. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.initiator;

import org.jspecify.annotations.NullMarked;
