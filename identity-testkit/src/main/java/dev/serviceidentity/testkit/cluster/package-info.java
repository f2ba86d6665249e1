// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * A cluster in memory for tests, which decides by the real policy engine, and assertions about who
 * may reach whom in it.
 */
@NullMarked
package dev.serviceidentity.testkit.cluster;

import org.jspecify.annotations.NullMarked;
