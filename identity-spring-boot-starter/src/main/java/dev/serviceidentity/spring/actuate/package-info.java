// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What Actuator shows of an identity: health that belongs to readiness, who the service is, and an
 * endpoint, off unless it is wanted, that says who may call.
 */
@NullMarked
package dev.serviceidentity.spring.actuate;

import org.jspecify.annotations.NullMarked;
