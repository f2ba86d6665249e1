// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What is remembered of every decision, and where it goes. */
@NullMarked
package dev.serviceidentity.audit;

import org.jspecify.annotations.NullMarked;
