// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Realms, their KDCs, and the hosts that belong to them: said in code, or by a krb5.conf. */
@NullMarked
package dev.serviceidentity.kerberos.config;

import org.jspecify.annotations.NullMarked;
