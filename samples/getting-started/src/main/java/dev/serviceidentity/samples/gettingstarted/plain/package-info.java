// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The code of docs/getting-started-java.md. */
@NullMarked
package dev.serviceidentity.samples.gettingstarted.plain;

import org.jspecify.annotations.NullMarked;
