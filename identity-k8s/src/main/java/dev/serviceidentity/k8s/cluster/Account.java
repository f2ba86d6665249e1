// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A ServiceAccount with the principal that it claims, or null if it claims none. */
record Account(ServiceAccountName name, @Nullable PrincipalId claimed) {

  Stream<AccountClaim> claim(boolean believed) {
    return claimed == null ? Stream.empty() : Stream.of(new AccountClaim(name, claimed, believed));
  }
}
