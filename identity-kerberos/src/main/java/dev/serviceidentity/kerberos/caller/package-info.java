// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What a user says and hears of callers: what is demanded of their tokens, and why one is refused.
 */
@NullMarked
package dev.serviceidentity.kerberos.caller;

import org.jspecify.annotations.NullMarked;
