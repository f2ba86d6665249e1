// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Lists and watches a live cluster: keeps the engine's facts as the API server shows them, and says
 * what it may not see and since when nothing is proven any more.
 */
@NullMarked
package dev.serviceidentity.k8s.live;

import org.jspecify.annotations.NullMarked;
