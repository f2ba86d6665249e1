// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Eventually;
import dev.serviceidentity.k8s.ScriptedServer;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.spi.BackgroundThread;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is watched")
class WatchedTest {
  private static final String ONE =
      """
      {"metadata": {"resourceVersion": "5"},
       "items": [{"metadata": {"namespace": "shop", "name": "web-0"}}]}
      """;

  private static String answer(String asked) {
    if (asked.contains("accessreviews")) {
      return "{\"status\": {\"allowed\": true}}";
    }
    return asked.contains("watch=") ? "" : ONE;
  }

  @Test
  void isAskedForAgainWhereTheMemoryWasNotEnough() throws Exception {
    var lists = new AtomicInteger();
    var topic =
        new Topic<String>(
            Resource.of(LiveKind.POD),
            json -> {
              if (lists.incrementAndGet() == 1) {
                throw new OutOfMemoryError("of a test");
              }
              return new LiveObject<>("shop/web-0", "", Doubts.NONE);
            },
            null,
            why -> Doubts.NONE);
    var holding = new Holding<>(topic, new Deltas());
    var closed = new CountDownLatch(1);
    try (var server = ScriptedServer.answering(WatchedTest::answer);
        var updater = new Updater(() -> {}, failure -> {});
        var thread = new BackgroundThread("test")) {
      updater.start();
      var context =
          new Watched.Context(
              new ApiServer(server.client()), updater, Clock.systemUTC(), new Random(1), closed);
      thread.execute(new Watched<>(context, holding));

      Eventually.eventually(
          "it has been listed", holding::standing, Holding.Standing.SHOWN::equals);
      assertThat(lists).hasValue(2);
    } finally {
      closed.countDown();
    }
  }
}
