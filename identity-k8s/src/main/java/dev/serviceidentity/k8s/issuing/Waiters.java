// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait for an answer, until all are sent away for good. Thread-safe. */
final class Waiters {
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Thread> waiting = new HashSet<>();
  private boolean over;

  /** Makes the current thread one of them, and says whether it may wait. */
  boolean enter() {
    lock.lock();
    try {
      return !over && waiting.add(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** The current thread is none of them any more, and not interrupted if it was sent away. */
  void leave() {
    lock.lock();
    try {
      if (!waiting.remove(Thread.currentThread())) {
        Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts all, and says whether that was the first time. */
  boolean sendAway() {
    lock.lock();
    try {
      boolean first = !over;
      over = true;
      waiting.forEach(Thread::interrupt);
      waiting.clear();
      return first;
    } finally {
      lock.unlock();
    }
  }

  boolean areSentAway() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }
}
