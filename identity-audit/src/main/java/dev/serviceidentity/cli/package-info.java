// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The command line {@code identity-audit}. */
@NullMarked
package dev.serviceidentity.cli;

import org.jspecify.annotations.NullMarked;
