// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** One listener's registrations with several mechanisms: either all of them or none. */
record Subscriptions(List<Subscription> each) implements Subscription {
  static Subscription of(Collection<IdentityMechanism> mechanisms, IdentityListener listener) {
    List<Subscription> each = new ArrayList<>();
    var all = new Subscriptions(each);
    boolean complete = false;
    try {
      mechanisms.forEach(mechanism -> each.add(mechanism.subscribe(listener)));
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
