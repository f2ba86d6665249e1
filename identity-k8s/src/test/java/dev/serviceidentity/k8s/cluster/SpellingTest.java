// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
  private static final Set<String> KNOWN =
      Set.of("labels", "spec", "hostNetwork", "hostname", "restartPolicy", "podIP");

  @ParameterizedTest
  @CsvSource({
    "lables, labels",
    "label, labels",
    "LABELS, labels",
    "sepc, spec",
    "podIp, podIP",
    "hostNetwrk, hostNetwork",
    "host_network, hostNetwork",
  })
  void aSlipOfThePenIsRecognised(String written, String meant) {
    assertThat(Spelling.nearest(written, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "status", "hostUsers", "restartPolicyRules", "lapels1"})
  void anotherWordIsNot(String written) {
    assertThat(Spelling.nearest(written, KNOWN)).isEmpty();
  }

  @org.junit.jupiter.api.Test
  void aWordWithoutEndIsNotCompared() {
    assertThat(Spelling.nearest("labels".repeat(100_000), KNOWN)).isEmpty();
  }
}
