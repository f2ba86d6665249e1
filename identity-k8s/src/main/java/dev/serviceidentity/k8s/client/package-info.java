// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The way to the API server: where a client comes from, and requests to the server that block and
 * are bounded in time.
 */
@NullMarked
package dev.serviceidentity.k8s.client;

import org.jspecify.annotations.NullMarked;
