// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * All tests of the kit, fifty times at once in this JVM: takes minutes, so it runs on demand only,
 * as docs/testing.md says.
 */
class FiftyTimesAtOnce {
  private static final int TIMES = 50;

  @Test
  void noneFails() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(TIMES);
    try {
      Callable<Events> once = FiftyTimesAtOnce::run;
      List<String> failures = new ArrayList<>();
      long started = 0;
      for (Future<Events> run : threads.invokeAll(Collections.nCopies(TIMES, once))) {
        Events events = run.get();
        started += events.started().count();
        events.failed().stream().map(String::valueOf).forEach(failures::add);
      }
      assertThat(failures).isEmpty();
      assertThat(started).isGreaterThan(TIMES * 100L);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Events run() {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectPackage("dev.serviceidentity.testkit"))
        .filters(includeClassNamePatterns(".*Test"))
        .execute()
        .testEvents();
  }
}
