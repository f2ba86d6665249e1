// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.util.concurrent.ThreadFactory;

/** Threads that a program need not stop in order to end. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /**
   * Makes daemon threads of one name.
   *
   * @param name by custom {@code identity-...}
   * @return a thread-safe factory
   */
  public static ThreadFactory named(String name) {
    return work -> {
      var thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
