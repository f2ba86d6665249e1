// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Callers that a proxy speaks for: the headers in which proxies pass on the certificate of their own
 * client, read strictly, and which proxies are believed.
 */
@NullMarked
package dev.serviceidentity.mtls.forwarded;

import org.jspecify.annotations.NullMarked;
