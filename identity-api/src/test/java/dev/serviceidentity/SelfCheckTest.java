// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A self-check")
class SelfCheckTest {
  private static final Finding FINE = new Finding(Severity.OK, "mtls", "valid", "");
  private static final Finding ODD = new Finding(Severity.WARNING, "view", "stale", "Wait.");
  private static final Finding BAD = new Finding(Severity.FAILED, "path", "denied", "Change it.");

  @Test
  void holdsUnlessAFindingFailed() {
    assertThat(new SelfCheck(List.of()).holds()).isTrue();
    assertThat(new SelfCheck(List.of(FINE, ODD)).holds()).isTrue();
    assertThat(new SelfCheck(List.of(FINE, BAD)).holds()).isFalse();
  }

  @Test
  void isRenderedInColumnsWithALineForEachFindingAndOneForWhatToDo() {
    assertThat(new SelfCheck(List.of(new Finding(Severity.OK, "own pod", "one", ""), BAD)).render())
        .isEqualTo(
            """
            OK       own pod  one
            FAILED   path     denied
                              → Change it.""");
  }

  @Test
  void isRenderedWithItsColumnsInPlaceWhereOneSubjectIsLong() {
    var subject = "x".repeat(200);
    assertThat(new SelfCheck(List.of(new Finding(Severity.OK, subject, "long", ""), BAD)).render())
        .isEqualTo(
            "OK       %s  long%nFAILED   path%s  denied%n%s→ Change it."
                .formatted(subject, " ".repeat(44), " ".repeat(59)));
  }
}
