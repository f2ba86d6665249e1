// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Tells whoever starts an application what is wrong with its identity, and what to do. */
@NullMarked
package dev.serviceidentity.spring.diagnostics;

import org.jspecify.annotations.NullMarked;
