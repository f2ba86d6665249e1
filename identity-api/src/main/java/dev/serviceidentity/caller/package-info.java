// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Who is calling: the evidence of one request, the verifiers that judge it, and the rules that say
 * who may call.
 */
@NullMarked
package dev.serviceidentity.caller;

import org.jspecify.annotations.NullMarked;
