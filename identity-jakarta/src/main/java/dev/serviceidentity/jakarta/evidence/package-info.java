// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What a servlet request brings that may tell who sent it, as each container shows it. */
@NullMarked
package dev.serviceidentity.jakarta.evidence;

import org.jspecify.annotations.NullMarked;
