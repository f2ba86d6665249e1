// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A decision's id")
class DecisionIdsTest {
  private final DecisionIds ids = new DecisionIds(new SecureRandom());

  @Test
  void is24HexadecimalDigits() {
    assertThat(ids.next()).matches("[0-9a-f]{24}");
  }

  @Test
  void isNeverGivenTwiceInAMillion() {
    long[] given = new long[1_000_000];
    for (int i = 0; i < given.length; i++) {
      given[i] = HexFormat.fromHexDigitsToLong(ids.next(), 8, 24);
    }
    assertThat(Arrays.stream(given).distinct().count()).isEqualTo(given.length);
  }

  @Test
  void isNotTheSameInAnotherProcess() {
    String first = ids.next();
    String other = new DecisionIds(new SecureRandom()).next();
    assertThat(first.substring(8)).isNotEqualTo(other.substring(8));
  }

  @Test
  void isNeverGivenToTwoThreads() {
    long distinct =
        IntStream.range(0, 100_000).parallel().mapToObj(i -> ids.next()).distinct().count();
    assertThat(distinct).isEqualTo(100_000);
  }

  @Test
  void doesNotTellHowManyWereGivenBefore() {
    // What undoes the published mixing of a plain counter must not give consecutive numbers.
    long first = unmixed(ids.next());
    long second = unmixed(ids.next());
    long third = unmixed(ids.next());
    assertThat(third - second).isNotEqualTo(second - first);
  }

  private static long unmixed(String id) {
    long z = new BigInteger(id.substring(8), 16).longValue();
    z = (z ^ z >>> 31 ^ z >>> 62) * 0x319642b2d24d8ec3L;
    z = (z ^ z >>> 27 ^ z >>> 54) * 0x96de1b173f119089L;
    return z ^ z >>> 30 ^ z >>> 60;
  }
}
