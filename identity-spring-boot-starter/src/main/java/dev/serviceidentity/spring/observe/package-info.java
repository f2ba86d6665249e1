// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Admissions as observations of Micrometer. */
@NullMarked
package dev.serviceidentity.spring.observe;

import org.jspecify.annotations.NullMarked;
