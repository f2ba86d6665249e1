// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of Spring controllers with identities that the test makes up. */
@NullMarked
package dev.serviceidentity.spring.test;

import org.jspecify.annotations.NullMarked;
