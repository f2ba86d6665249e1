// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What tests are written with: a clock to set, a fake mechanism, and an embedded KDC. */
@NullMarked
package dev.serviceidentity.testkit;

import org.jspecify.annotations.NullMarked;
