// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.IdentityMechanism;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What an identity has told its listeners. */
final class Heard implements IdentityListener {
  private final BlockingQueue<IdentitySnapshot> rotations = new LinkedBlockingQueue<>();
  private final BlockingQueue<IdentityException> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<IdentitySnapshot> ends = new LinkedBlockingQueue<>();

  static Heard of(IdentityMechanism identity) {
    var heard = new Heard();
    identity.subscribe(heard);
    return heard;
  }

  IdentitySnapshot rotation() throws InterruptedException {
    return next(rotations);
  }

  IdentityException failure() throws InterruptedException {
    return next(failures);
  }

  IdentitySnapshot end() throws InterruptedException {
    return next(ends);
  }

  @Override
  public void onRotated(IdentitySnapshot current) {
    rotations.add(current);
  }

  @Override
  public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
    failures.add(cause);
  }

  @Override
  public void onExpired(IdentitySnapshot expired) {
    ends.add(expired);
  }

  private static <T> T next(BlockingQueue<T> events) throws InterruptedException {
    T event = events.poll(60, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("Nothing was told");
    }
    return event;
  }
}
