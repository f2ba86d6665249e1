// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps ServiceAccounts with what they claim. */
record AccountMapping(Problems problems) {
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final FieldPath ANNOTATIONS = METADATA.field("annotations");
  private static final FieldPath CLAIM = ANNOTATIONS.field(AccountClaim.ANNOTATION);

  /** Empty if it cannot be told who claims what; an error in another annotation leaves no doubt. */
  Optional<Account> map(String namespace, String name, ServiceAccount account) {
    if (problems.errorIn(FieldPath.ROOT, ANNOTATIONS).isPresent()
        || problems.errorIn(CLAIM).isPresent()) {
      return Optional.empty();
    }
    ObjectMeta meta = Objects.requireNonNullElseGet(account.getMetadata(), ObjectMeta::new);
    Map<String, String> annotations =
        Objects.requireNonNullElse(meta.getAnnotations(), Map.<String, String>of());
    try {
      var who = new ServiceAccountName(namespace, name);
      return Optional.of(new Account(who, principal(annotations.get(AccountClaim.ANNOTATION))));
    } catch (IllegalArgumentException e) {
      problems.error(METADATA.field("name"), "is not used: " + e.getMessage());
      return Optional.empty();
    }
  }

  private @Nullable PrincipalId principal(@Nullable String claimed) {
    if (claimed == null) {
      return null;
    }
    try {
      return PrincipalId.parse(claimed);
    } catch (IllegalArgumentException e) {
      // Nobody can prove such a name, so that claiming it takes it from nobody.
      problems.error(CLAIM, "is not used: " + e.getMessage());
      return null;
    }
  }
}
