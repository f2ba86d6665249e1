// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KerberosTimeTest {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  @Test
  void everyTimeFromYear0To9999IsCountedAndWrittenAsTheJdkDoes() throws RefusedTokenException {
    long seed = System.nanoTime();
    System.out.println("seed of times: " + seed);
    var random = new Random(seed);
    long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    for (int round = 0; round < 100_000; round++) {
      long time = first + (long) (random.nextDouble() * (last - first));
      assertThat(seconds(FORM.format(Instant.ofEpochSecond(time))))
          .as("seed %d", seed)
          .isEqualTo(time);
      assertThat(new String(KerberosTime.text(time), StandardCharsets.US_ASCII))
          .as("seed %d", seed)
          .isEqualTo(FORM.format(Instant.ofEpochSecond(time)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"20000229120000Z", "20240229000000Z", "19700101000000Z"})
  void leapDaysOfTheCalendarAreTimes(String text) throws RefusedTokenException {
    assertThat(FORM.format(Instant.ofEpochSecond(seconds(text)))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20261301000000Z",
        "20260001000000Z",
        "20260100000000Z",
        "20260132000000Z",
        "20250229000000Z",
        "19000229000000Z",
        "20260101240000Z",
        "20260101006000Z",
        "20260101000060Z",
        "20260101000000",
        "202601010000000",
        "20260101000000z",
        "20260101000000.0Z",
        "2026010100000Z",
        "2026010100-001Z",
        "20260101 00000Z",
        "20260101000000+0000"
      })
  void whatIsNoTimeOfThatFormIsRefused(String text) {
    assertThatThrownBy(() -> seconds(text))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining("endtime");
  }

  private static long seconds(String text) throws RefusedTokenException {
    return KerberosTime.seconds(Octets.of(text.getBytes(StandardCharsets.US_ASCII)), "endtime");
  }
}
