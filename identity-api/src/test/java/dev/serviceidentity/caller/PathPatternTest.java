// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A path pattern")
class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/, '', false",
    "/, //, false",
    "/a, /a, true",
    "/a, /a/, false",
    "/a/, /a/, true",
    "/a/, /a, false",
    "/*, /a, true",
    "/*, /, false",
    "/*, /a/b, false",
    "/a/*, /a/b, true",
    "/a/*, /a/, false",
    "/a/*/c, /a/b/c, true",
    "/a/*/c, /a//c, false",
    "/**, /, false",
    "/**, /a, true",
    "/**, /a/b/c, true",
    "/**, /a/b/, false",
    "/a/**, /a, false",
    "/a/**, /ab, false",
    "/a/**, /a/b, true",
    "/orders/*, /orders/{id}, true",
    "/a b, /a b, true",
    "/stra\u00dfe, /stra\u00dfe, true",
  })
  void matchesWholeSegments(String pattern, String path, boolean matches) {
    assertThat(PathPattern.parse(pattern).matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/, /a, false",
    "/a, /a, true",
    "/a, /a/, true",
    "/a/, /a, true",
    "/a, /a/b, false",
    "/a, /ab, false",
    "/*, /a, true",
    "/*, /a/b, false",
    "/**, /, true",
    "/**, /a/b, true",
    "/a/**, /a, true",
    "/a/**, /a/, true",
    "/a/**, /a/b/c/, true",
    "/a/**, /ab, false",
    "/a/**, /b, false",
    "/admin/**, /Admin/x, true",
    "/admin, /ADMIN, true",
    "/a/*/c, /a/b/c/, true",
    "/a, '/b;x', true",
    "/a, /b//c, true",
    "/a, /b/../a, true",
    "/a, /%61, true",
  })
  void coversWhateverMayLeadThere(String pattern, String path, boolean covered) {
    assertThat(PathPattern.parse(pattern).covers(path)).isEqualTo(covered);
  }

  @Test
  void matchesEveryPlainPathThatItIsMadeFromAndNoRespelledOne() {
    long seed = System.nanoTime();
    System.out.println("PathPatternTest seed " + seed);
    var random = new Random(seed);
    String[] words = {"a", "b", "reports", "2026", "{id}", "x-y"};
    String[] tricks = {"//", "/./", "/../", "/%2e/", "/;/", "/\\", "/a?", "/#", "/\u0001/"};
    for (int i = 0; i < 20_000; i++) {
      var path = new StringBuilder();
      var pattern = new StringBuilder();
      int length = 1 + random.nextInt(5);
      for (int s = 0; s < length; s++) {
        String word = words[random.nextInt(words.length)];
        path.append('/').append(word);
        pattern.append('/').append(random.nextInt(3) == 0 ? "*" : word);
      }
      PathPattern parsed = PathPattern.parse(random.nextInt(4) == 0 ? "/**" : pattern.toString());
      assertThat(parsed.matches(path.toString())).as("seed %d, %s", seed, path).isTrue();
      assertThat(parsed.covers(path.toString())).as("seed %d, %s", seed, path).isTrue();
      String trick = tricks[random.nextInt(tricks.length)];
      String respelled = path.insert(random.nextInt(path.length() + 1), trick).toString();
      assertThat(parsed.matches(respelled)).as("seed %d, %s", seed, respelled).isFalse();
      assertThat(parsed.covers(respelled)).as("seed %d, %s", seed, respelled).isTrue();
    }
  }
}
