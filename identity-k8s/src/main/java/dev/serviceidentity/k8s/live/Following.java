// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.spi.BackgroundThread;
import java.util.concurrent.CompletableFuture;

/**
 * Some pods that are watched beside those that always are, by a thread of their own.
 *
 * @param seen completes once a sight shows what there is, and with false when nobody watches any
 *     more, or that takes too long
 */
record Following(
    Holding<PodFacts> holding, BackgroundThread thread, CompletableFuture<Boolean> seen)
    implements AutoCloseable {

  /** The holding must be among those of the view by now, or soon by the updater. */
  static Following start(
      Watched.Context context, Holding<PodFacts> holding, CompletableFuture<Boolean> seen) {
    var thread = new BackgroundThread("identity-kubernetes-" + holding.topic().resource());
    thread.execute(new Watched<>(context, holding));
    return new Following(holding, thread, seen);
  }

  /** A sight has been published. On the updater's thread. */
  void published() {
    if (!seen.isDone() && holding.isAsked()) {
      // What follows is others' work, and not for the updater's thread.
      seen.completeAsync(() -> true);
    }
  }

  boolean isSeen() {
    return seen.isDone();
  }

  @Override
  public void close() {
    thread.close();
    seen.completeAsync(() -> false);
  }
}
