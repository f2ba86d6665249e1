// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.samples.gettingstarted.Walk;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("the log of access events")
class GettingStartedJakartaInteropTest {
  @Test
  void theCallsOfThePageComeToWhatItShows(@TempDir Path folder) throws Exception {
    try (var walk = new Walk("getting-started-jakarta.md", folder);
        ServiceIdentity identity = Main.open(walk.prepared().resolve("certificates/orders"))) {
      Server server = Main.server(identity, 0);
      server.start();
      try {
        walk.callsTheServiceOn(server.getURI().getPort());
      } finally {
        server.stop();
      }
    }
  }
}
