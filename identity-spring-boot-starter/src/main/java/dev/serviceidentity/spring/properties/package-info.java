// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What can be said by properties, one record for each group below {@code serviceidentity}. */
@NullMarked
package dev.serviceidentity.spring.properties;

import org.jspecify.annotations.NullMarked;
