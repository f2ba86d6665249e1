// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The servlet filter of a Spring Boot application, and callers as parameters of its controllers. */
@NullMarked
package dev.serviceidentity.spring.web;

import org.jspecify.annotations.NullMarked;
