// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Mutual TLS on several servers and clients: each class stands alone, to be copied. */
@NullMarked
package dev.serviceidentity.samples.tls;

import org.jspecify.annotations.NullMarked;
