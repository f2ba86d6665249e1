// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** A Servlet filter that admits or refuses each request by who calls and from where. */
@NullMarked
package dev.serviceidentity.jakarta;

import org.jspecify.annotations.NullMarked;
