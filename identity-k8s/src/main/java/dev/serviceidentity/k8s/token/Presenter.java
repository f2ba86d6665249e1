// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.budget.Payer;
import org.jspecify.annotations.Nullable;

/**
 * Who presents a token.
 *
 * @param payer the source of the request
 * @param provenBefore whose the very same token was when it was judged last, or null
 */
record Presenter(Payer payer, @Nullable PrincipalId provenBefore) {}
