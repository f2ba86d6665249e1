// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The Spring services of the shop on one machine, in the place of their plain twins. {@link
 * dev.serviceidentity.samples.springmachine.Main} is the program behind {@code samples/run
 * --spring}.
 */
@NullMarked
package dev.serviceidentity.samples.springmachine;

import org.jspecify.annotations.NullMarked;
