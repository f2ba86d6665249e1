// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
/** What the shop has sold: a Spring Boot service, called by web, that calls payments. */
@NullMarked
package dev.serviceidentity.samples.springshop.orders;

import org.jspecify.annotations.NullMarked;
