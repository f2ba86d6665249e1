// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What the makers of mechanisms implement and are given. Users of the library meet these types only
 * as arguments of builders.
 */
@NullMarked
package dev.serviceidentity.spi;

import org.jspecify.annotations.NullMarked;
