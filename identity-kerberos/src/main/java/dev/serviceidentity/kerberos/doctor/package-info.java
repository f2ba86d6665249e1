// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Looks at what an identity needs, from what is near to what is far, and says what to do about what
 * is missing. Used by this module alone.
 */
@NullMarked
package dev.serviceidentity.kerberos.doctor;

import org.jspecify.annotations.NullMarked;
