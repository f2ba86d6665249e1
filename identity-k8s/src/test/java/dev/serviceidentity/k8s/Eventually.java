// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another process makes happen, generously. */
public final class Eventually {
  private static final long LONGEST = Duration.ofSeconds(90).toNanos();
  private static final long PAUSE = Duration.ofMillis(20).toNanos();

  private Eventually() {}

  public static <T> T eventually(String what, Callable<T> question, Predicate<T> wanted)
      throws Exception {
    long start = System.nanoTime();
    T answer = question.call();
    while (!wanted.test(answer)) {
      if (System.nanoTime() - start > LONGEST) {
        throw new AssertionError(what + " has not happened; there is " + answer);
      }
      LockSupport.parkNanos(PAUSE);
      answer = question.call();
    }
    return answer;
  }
}
