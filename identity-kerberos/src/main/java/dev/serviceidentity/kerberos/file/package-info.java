// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Files with keys and tickets, followed as they change. Used by this module alone. */
@NullMarked
package dev.serviceidentity.kerberos.file;

import org.jspecify.annotations.NullMarked;
