// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What the guard decided about one request, at which of its layers, and how strictly. */
@NullMarked
package dev.serviceidentity.access;

import org.jspecify.annotations.NullMarked;
