// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Service Identity for Spring Boot: what a service configures by properties, and what it injects. */
@NullMarked
package dev.serviceidentity.spring;

import org.jspecify.annotations.NullMarked;
