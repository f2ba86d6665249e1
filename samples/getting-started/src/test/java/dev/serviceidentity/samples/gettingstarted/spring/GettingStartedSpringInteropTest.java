// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.spring;

import dev.serviceidentity.samples.gettingstarted.Walk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.SpringApplication;

@ResourceLock("the log of access events")
class GettingStartedSpringInteropTest {
  @Test
  void theCallsOfThePageComeToWhatItShows(@TempDir Path folder) throws Exception {
    try (var walk = new Walk("getting-started-spring.md", folder);
        var application =
            SpringApplication.run(
                OrdersApplication.class,
                "--SHOP=" + walk.prepared().resolve("shop"),
                "--server.address=127.0.0.1",
                "--server.port=0")) {
      walk.callsTheServiceOn(
          application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
  }
}
