// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gives every service a new certificate, and waits until each has noticed by itself. */
public final class Rotation {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Shop shop;

  /** Of the services of a shop. */
  public Rotation(Shop shop) {
    this.shop = shop;
  }

  /** Returns when every service shows its new certificate. */
  public void rotateAll() throws InterruptedException {
    for (Member member : Member.values()) {
      rotate(member);
    }
  }

  private void rotate(Member member) throws InterruptedException {
    var rotated = new CountDownLatch(1);
    IdentityListener listener =
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            if (current.principal().mechanism().equals(MechanismName.MTLS)) {
              rotated.countDown();
            }
          }
        };
    Subscription subscription = shop.service(member).identity().subscribe(listener);
    try {
      shop.authorities().issueCertificate(member);
      if (!rotated.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(member + " did not notice its new certificate");
      }
    } finally {
      subscription.close();
    }
  }
}
