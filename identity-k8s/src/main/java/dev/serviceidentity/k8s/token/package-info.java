// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Identity by tokens: projected service-account tokens of a cluster, and those of any OpenID
 * Connect issuer.
 */
@NullMarked
package dev.serviceidentity.k8s.token;

import org.jspecify.annotations.NullMarked;
