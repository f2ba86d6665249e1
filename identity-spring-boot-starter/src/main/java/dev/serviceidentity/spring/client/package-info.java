// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** HTTP clients of Spring that prove who this service is, to the services it has named. */
@NullMarked
package dev.serviceidentity.spring.client;

import org.jspecify.annotations.NullMarked;
