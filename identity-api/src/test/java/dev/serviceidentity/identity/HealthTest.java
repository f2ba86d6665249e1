// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.Health.Part;
import dev.serviceidentity.identity.Health.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Health")
class HealthTest {
  @Test
  void isThatOfTheWorstPart() {
    assertThat(health(Status.UP, Status.DEGRADED, Status.UP).status()).isEqualTo(Status.DEGRADED);
    assertThat(health(Status.DEGRADED, Status.DOWN).status()).isEqualTo(Status.DOWN);
    assertThat(health(Status.UP).status()).isEqualTo(Status.UP);
  }

  @Test
  void isUpWithoutParts() {
    assertThat(health().status()).isEqualTo(Status.UP);
  }

  @Test
  void doesNotChangeWithTheListItWasMadeOf() {
    List<Part> parts = new ArrayList<>(health(Status.UP).parts());
    var health = new Health(parts);
    parts.clear();
    assertThat(health.parts()).hasSize(1);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> health.parts().clear());
  }

  private static Health health(Status... statuses) {
    List<Part> parts = new ArrayList<>();
    for (Status status : statuses) {
      parts.add(new Part("part", status, "for a test", Instant.EPOCH));
    }
    return new Health(parts);
  }
}
