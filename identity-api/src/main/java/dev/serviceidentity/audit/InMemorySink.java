// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps the newest events in memory, for tests, demonstrations and operator pages. Thread-safe. */
public final class InMemorySink implements AuditSink {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<AccessEvent> events = new ArrayDeque<>();

  /**
   * A sink that forgets the oldest events when it is full.
   *
   * @param capacity how many events it keeps, 1 or more
   */
  public InMemorySink(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("The capacity is 1 or more, not " + capacity);
    }
    this.capacity = capacity;
  }

  @Override
  public void accept(AccessEvent event) {
    lock.lock();
    try {
      if (events.size() == capacity) {
        events.removeFirst();
      }
      events.addLast(event);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What is kept now.
   *
   * @return the oldest first; a copy
   */
  public List<AccessEvent> events() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for an event, since events arrive after their request was answered.
   *
   * @param wanted which event; called while holding a lock, so it must be quick
   * @param patience how long to wait at most
   * @return the oldest such event; empty if none came in time
   * @throws InterruptedException if the thread is interrupted while waiting
   */
  public Optional<AccessEvent> await(Predicate<AccessEvent> wanted, Duration patience)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<AccessEvent> found = events.stream().filter(wanted).findFirst();
        if (found.isPresent() || left <= 0) {
          return found;
        }
        left = arrived.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many events are kept. */
  @Override
  public String toString() {
    return "InMemorySink[" + events().size() + " of " + capacity + "]";
  }
}
