// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What is done each second for credentials, and what is said of how they do. Used by this module
 * alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.upkeep;

import org.jspecify.annotations.NullMarked;
