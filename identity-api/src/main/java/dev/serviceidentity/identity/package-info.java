// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Who somebody is: names of principals and mechanisms, and what is known of an identity over time.
 *
 * <p>The bottom layer of the API; it imports nothing of the other packages.
 */
@NullMarked
package dev.serviceidentity.identity;

import org.jspecify.annotations.NullMarked;
