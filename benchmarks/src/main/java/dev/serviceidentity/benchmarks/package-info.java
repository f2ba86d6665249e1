// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
/** What the library costs. */
@NullMarked
package dev.serviceidentity.benchmarks;

import org.jspecify.annotations.NullMarked;
