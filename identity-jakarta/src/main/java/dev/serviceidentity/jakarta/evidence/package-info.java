// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What a servlet container knows of a request's connection, read where no header and no filter, valve
 * or customizer can have written it.
 */
@NullMarked
package dev.serviceidentity.jakarta.evidence;

import org.jspecify.annotations.NullMarked;
