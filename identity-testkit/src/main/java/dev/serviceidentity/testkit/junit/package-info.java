// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The kit's parameters for JUnit Jupiter 6: {@link
 * dev.serviceidentity.testkit.junit.ServiceIdentityTest} is the entry. Needs {@code
 * junit-jupiter-api}, which whoever has tests brings along.
 */
@NullMarked
package dev.serviceidentity.testkit.junit;

import org.jspecify.annotations.NullMarked;
