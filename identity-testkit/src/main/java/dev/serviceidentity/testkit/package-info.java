// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What tests are written with: identities to call with, fakes that a test directs, a clock to set,
 * and an embedded KDC. {@link dev.serviceidentity.testkit.TestIdentity} is the entry.
 */
@NullMarked
package dev.serviceidentity.testkit;

import org.jspecify.annotations.NullMarked;
