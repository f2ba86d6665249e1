// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.caller.PathPattern;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  private static final int ROUNDS = 100_000;
  private static final String ALPHABET = "/a.%2eEfF5cC3bB0;\\?#é\u0000\u007f";

  @ParameterizedTest
  @CsvSource({
    "/orders/7,/orders/7",
    "/J%C3%BCrgen,/Jürgen",
    "/a%20b,/a b",
    "/%61dmin,/admin",
    "/a+b,/a+b",
    "/,/",
    "/a/,/a/"
  })
  void anOrdinaryPathIsClear(String raw, String decoded) {
    RequestPath path = RequestPath.of("/shop" + raw, () -> "/shop", decoded);

    assertThat(path.isClear()).isTrue();
    assertThat(path.written()).isEqualTo(decoded);
    assertThat(path.told()).isEqualTo(decoded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a;b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a%25b",
        "/%2e/a",
        "/a%2e",
        "/./a",
        "/../a",
        "//a",
        "/a//b",
        "/a%00",
        "/a%09",
        "/a%7f",
        "/a%c0%ae",
        "/a%c1%a1",
        "/a%ed%a0%80",
        "/a%ff",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%u0061",
        "/a%3b",
        "/a%3f",
        "/a%23",
        "/a%+1",
        "/a%\uff11\uff11"
      })
  void aPathOfTwoMeaningsIsNotAndMatchesNoPattern(String raw) {
    RequestPath path = RequestPath.of(raw, () -> "", "/a");

    assertThat(path.isClear()).isFalse();
    assertThat(path.told()).isEqualTo(raw);
    assertThat(PathPattern.parse("/**").matches(path.told())).isFalse();
  }

  @Test
  void whatTheContainerReadsInTwoWaysIsNotClear() {
    assertThat(RequestPath.of("/a", () -> "", "/b;c").isClear()).isFalse();
    assertThat(RequestPath.of("/a", () -> "/shop", "/a").isClear()).isFalse();
    assertThat(RequestPath.of("/shopping", () -> "/shop", "/ping").isClear()).isFalse();
    assertThat(RequestPath.of("/a", () -> "/shop", "/a").told()).isEmpty();
  }

  @Test
  void ofAnythingThatIsClearTheJdkReadsTheSamePath() {
    long seed = System.nanoTime();
    System.out.println("Paths are made by seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      var raw = new StringBuilder("/");
      for (int length = random.nextInt(12); length > 0; length--) {
        raw.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      check(raw.toString());
    }
  }

  @FuzzTest
  void anyPathIsReadWithoutAnException(byte[] bytes) {
    check(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static void check(String raw) {
    RequestPath path = RequestPath.of(raw, () -> "", "/x");
    if (path.isClear()) {
      assertThat(PathPattern.isAmbiguous(path.written())).as(raw).isFalse();
      if (raw.startsWith("/")
          && raw.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"<>^`{|}[]".indexOf(c) < 0)) {
        assertThat(URI.create(raw).normalize().getPath()).as(raw).isEqualTo(path.written());
      }
    } else {
      assertThat(PathPattern.parse("/**").matches(path.told())).as(raw).isFalse();
    }
  }
}
