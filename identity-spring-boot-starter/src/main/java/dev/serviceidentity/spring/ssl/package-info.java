// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The rotating identity as Spring Boot's SSL bundle {@code service-identity}. */
@NullMarked
package dev.serviceidentity.spring.ssl;

import org.jspecify.annotations.NullMarked;
