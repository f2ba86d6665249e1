// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
/** What was paid: a Spring Boot service, called by orders. */
@NullMarked
package dev.serviceidentity.samples.springshop.payments;

import org.jspecify.annotations.NullMarked;
