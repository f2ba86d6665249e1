// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The same registration with several mechanisms: either all of them or none. */
record Subscriptions(List<Subscription> each) implements Subscription {
  static Subscription of(
      Collection<IdentityMechanism> mechanisms,
      Function<IdentityMechanism, Subscription> registration) {
    List<Subscription> each = new ArrayList<>();
    var all = new Subscriptions(each);
    boolean complete = false;
    try {
      // A mocked mechanism registers nothing.
      mechanisms.stream()
          .flatMap(mechanism -> Stream.ofNullable(registration.apply(mechanism)))
          .forEach(each::add);
      complete = true;
      return all;
    } finally {
      if (!complete) {
        all.close();
      }
    }
  }

  @Override
  public void close() {
    each.forEach(Subscription::close);
  }
}
