// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** The code of docs/getting-started-spring.md. */
@NullMarked
package dev.serviceidentity.samples.gettingstarted.spring;

import org.jspecify.annotations.NullMarked;
