// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.plain;

import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.samples.gettingstarted.Walk;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("the log of access events")
class GettingStartedJavaInteropTest {
  @Test
  void theCallsOfThePageComeToWhatItShows(@TempDir Path folder) throws Exception {
    try (var walk = new Walk("getting-started-java.md", folder);
        ServiceIdentity identity = Orders.open(walk.prepared().resolve("certificates/orders"))) {
      HttpsServer server = Orders.serve(identity, 0);
      try {
        walk.callsTheServiceOn(server.getAddress().getPort());
      } finally {
        server.stop(0);
        ((ExecutorService) server.getExecutor()).shutdownNow();
      }
    }
  }
}
