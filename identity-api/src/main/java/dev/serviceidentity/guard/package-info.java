// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The layered guard: evidence, caller, binding, network, event. Not exported; users reach it through
 * {@code ServiceIdentity}.
 */
@NullMarked
package dev.serviceidentity.guard;

import org.jspecify.annotations.NullMarked;
