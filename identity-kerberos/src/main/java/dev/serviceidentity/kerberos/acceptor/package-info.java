// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Judges callers by the keys of a keytab that is followed as it changes, with all the rules of RFC
 * 4120 section 3.2.3. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.acceptor;

import org.jspecify.annotations.NullMarked;
