// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Which callers have which of the application's roles, by properties. */
@NullMarked
package dev.serviceidentity.spring.roles;

import org.jspecify.annotations.NullMarked;
