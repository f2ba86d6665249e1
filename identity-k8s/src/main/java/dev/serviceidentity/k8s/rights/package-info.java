// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Who may call a service now, by identity and by network, and where the two differ. */
@NullMarked
package dev.serviceidentity.k8s.rights;

import org.jspecify.annotations.NullMarked;
