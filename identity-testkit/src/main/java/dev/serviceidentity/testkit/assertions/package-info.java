// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Assertions on decisions, verifications and recorded events, in the style of AssertJ and usable
 * beside it: {@link dev.serviceidentity.testkit.assertions.IdentityAssertions} is the entry.
 */
@NullMarked
package dev.serviceidentity.testkit.assertions;

import org.jspecify.annotations.NullMarked;
