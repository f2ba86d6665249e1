// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The code of docs/getting-started-jakarta.md. */
@NullMarked
package dev.serviceidentity.samples.gettingstarted.jakarta;

import org.jspecify.annotations.NullMarked;
