// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The JDK's Kerberos, by JAAS and the GSS-API, for whoever chooses it; nothing else in this module
 * needs {@code java.security.jgss}. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.jgss;

import org.jspecify.annotations.NullMarked;
