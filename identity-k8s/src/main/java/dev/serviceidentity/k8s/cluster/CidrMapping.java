// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.Cidr;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps a block of addresses; what is wrong with it is reported. */
record CidrMapping(Problems problems) {

  Optional<Cidr> map(@Nullable String text, FieldPath at) {
    try {
      Cidr cidr = Cidr.parse(ModelFields.orEmpty(text));
      if (!cidr.equals(cidr.masked())) {
        problems.warning(at, cidr + " has host bits, which do not count; write " + cidr.masked());
      }
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      problems.errorUnlessExplained(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
