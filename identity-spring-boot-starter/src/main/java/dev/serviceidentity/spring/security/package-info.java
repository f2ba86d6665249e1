// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Callers that were admitted, as Spring Security knows them. No chain of filters is registered. */
@NullMarked
package dev.serviceidentity.spring.security;

import org.jspecify.annotations.NullMarked;
