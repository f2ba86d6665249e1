// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Certificates that a cluster signs for keys of this process. */
@NullMarked
package dev.serviceidentity.k8s.issuing;

import org.jspecify.annotations.NullMarked;
