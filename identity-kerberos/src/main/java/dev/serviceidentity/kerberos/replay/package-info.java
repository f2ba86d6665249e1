// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** What recognises a Kerberos authenticator that was sent before. */
@NullMarked
package dev.serviceidentity.kerberos.replay;

import org.jspecify.annotations.NullMarked;
