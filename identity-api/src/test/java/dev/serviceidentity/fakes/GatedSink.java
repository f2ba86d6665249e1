// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A sink that takes nothing until it is opened, and then all; or that fails as it is told. */
public final class GatedSink implements AuditSink {
  public final List<AccessEvent> events = new CopyOnWriteArrayList<>();
  public final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final AtomicReference<Supplier<? extends Throwable>> failure = new AtomicReference<>();

  /** Fails with this until it is told to fail with null. */
  public void failWith(Supplier<? extends Throwable> how) {
    failure.set(how);
  }

  public void open() {
    gate.countDown();
  }

  /** Waits until an event is in the sink's hands. */
  public void awaitEvent() throws InterruptedException {
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no event came");
    }
  }

  @Override
  public void accept(AccessEvent event) {
    reached.countDown();
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
    }
    Supplier<? extends Throwable> how = failure.get();
    if (how != null) {
      GatedSink.<RuntimeException>sneak(how.get());
    }
    events.add(event);
  }

  @Override
  public void close() {
    closed.set(true);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}
