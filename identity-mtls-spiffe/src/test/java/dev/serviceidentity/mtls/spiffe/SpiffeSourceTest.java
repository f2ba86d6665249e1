// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The X.509-SVID of a Workload API as the identity of a service. */
class SpiffeSourceTest {
  @TempDir Path directory;
  private Workloads workloads;

  @BeforeEach
  void begin() {
    workloads = new Workloads(directory);
  }

  @AfterEach
  void close() throws Exception {
    workloads.close();
  }

  @Test
  void theFirstSvidIsTheIdentity() throws Exception {
    MtlsIdentity web = workloads.open(workloads.agentOf(Workloads.WEB));

    assertThat(web.current().principal()).hasToString("mtls:" + Workloads.WEB);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }
}
