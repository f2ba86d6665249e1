// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An identity snapshot")
class IdentitySnapshotTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = START.plusSeconds(3600);
  private final IdentitySnapshot snapshot =
      new IdentitySnapshot(PrincipalId.parse("kerberos:web@SHOP.EXAMPLE"), START, END, 1);

  @Test
  void isValidFromItsStart() {
    assertThat(snapshot.isValidAt(START)).isTrue();
    assertThat(snapshot.isValidAt(START.minusNanos(1))).isFalse();
  }

  @Test
  void isNoLongerValidAtItsEnd() {
    assertThat(snapshot.isValidAt(END.minusNanos(1))).isTrue();
    assertThat(snapshot.isValidAt(END)).isFalse();
  }
}
