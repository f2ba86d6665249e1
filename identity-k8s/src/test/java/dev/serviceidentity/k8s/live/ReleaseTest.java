// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseTest {
  @ParameterizedTest
  @CsvSource({
    "1, 22, true",
    "1, 34, true",
    "1, 27+, true",
    "1, 21, false",
    "1, 20+, false",
    "1, '', false",
    "1, 99999999999, false",
    "0, 30, false"
  })
  void namesNamespacesSinceTheLabelCannotBeTakenAway(String major, String minor, boolean names) {
    assertThat(Release.namesNamespaces(major, minor)).isEqualTo(names);
  }
}
