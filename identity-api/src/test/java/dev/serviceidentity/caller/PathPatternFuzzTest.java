// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;

class PathPatternFuzzTest {
  private static final PathPattern REPORTS = PathPattern.parse("/reports/**");

  /** The first line is a pattern, the second one a path. */
  @FuzzTest
  void aMatchingPathMeansTheSameAfterNormalization(byte[] input) {
    String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 2);
    String path = lines[lines.length - 1];
    if (REPORTS.matches(path)) {
      assertThat(path).startsWith("/reports/").doesNotContain("/../", "//", "%", ";", "?");
      assertThat(URI.create("http://h" + path.replaceAll("[^/A-Za-z0-9.]", "x")).normalize())
          .asString()
          .startsWith("http://h/reports/");
    }
    try {
      PathPattern.parse(lines[0]).matches(path);
    } catch (IllegalArgumentException malformed) {
      assertThat(malformed.getMessage()).isNotBlank();
    }
  }
}
