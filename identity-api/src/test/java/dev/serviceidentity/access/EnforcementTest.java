// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Enforcement")
class EnforcementTest {
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @EnumSource(Layer.class)
  void isOfEveryLayerUnlessSaidOtherwise(Layer layer) {
    assertThat(Enforcement.enforce().isReportOnly(layer, Instant.MIN)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"IDENTITY", "CALLER"})
  void neverJustReportsWhoACallerIsAndWhetherHeMayCall(Layer layer) {
    assertThatIllegalArgumentException().isThrownBy(() -> Enforcement.reportOnly(layer, END));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Enforcement.enforce().andReportOnly(layer, END));
  }

  @ParameterizedTest
  @EnumSource(names = {"BINDING", "NETWORK"})
  void justReportsOneLayerUntilItsEnd(Layer layer) {
    Enforcement reporting = Enforcement.reportOnly(layer, END);
    assertThat(reporting.isReportOnly(layer, END.minusNanos(1))).isTrue();
    assertThat(reporting.isReportOnly(layer, END)).isFalse();
  }

  @Test
  void justReportsEachLayerUntilAnEndOfItsOwn() {
    Enforcement reporting =
        Enforcement.reportOnly(Layer.BINDING, END)
            .andReportOnly(Layer.NETWORK, END.plusSeconds(60));
    assertThat(reporting.isReportOnly(Layer.BINDING, END)).isFalse();
    assertThat(reporting.isReportOnly(Layer.NETWORK, END)).isTrue();
    assertThat(reporting.isReportOnly(Layer.NETWORK, END.plusSeconds(60))).isFalse();
  }
}
