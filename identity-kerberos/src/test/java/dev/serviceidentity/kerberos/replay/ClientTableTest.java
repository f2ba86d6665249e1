// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientTableTest {
  private final ClientTable table = new ClientTable();

  @Test
  void countsAreThoseOfAPlainMapWhateverIsForgottenMeanwhile() {
    long seed = System.nanoTime();
    System.out.println("seed of counted clients: " + seed);
    var random = new Random(seed);
    var expected = new HashMap<Long, Map<Long, Integer>>();
    long start = random.nextLong() >> 8;
    long oldest = start;
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(500) == 0) {
        oldest += random.nextInt(5);
      }
      long client = 1 + random.nextInt(700);
      long slice = oldest + random.nextInt(5);
      add(client, slice, oldest);
      expected.computeIfAbsent(client, key -> new HashMap<>()).merge(slice, 1, Integer::sum);
      long other = 1 + random.nextInt(700);
      assertThat(held(other, oldest))
          .as("seed %d", seed)
          .isEqualTo(sum(expected.getOrDefault(other, Map.of()), oldest));
    }
  }

  @Test
  void whatIsFoundAndNotCountedLeavesNothing() {
    for (long client = 1; client < 10_000; client++) {
      table.find(client, 0);
    }
    assertThat(table.clients()).isZero();
  }

  @Test
  void thoseBeyondTheMostShareAnAccountAndTheOthersKeepTheirs() {
    for (long client = 1; client <= 2000; client++) {
      add(client, 0, 0);
    }
    assertThat(table.clients()).isLessThan(ClientTable.MOST);
    assertThat(held(1, 0)).isEqualTo(1);
    assertThat(held(2000, 0)).isEqualTo(2000 - table.clients());
    assertThat(held(2001, 0)).isEqualTo(held(2000, 0));
  }

  @Test
  void whenTheOthersAreForgottenThereIsRoomForAnAccountOfOnesOwn() {
    for (long client = 1; client <= 2000; client++) {
      add(client, 0, 0);
    }
    add(3000, 5, 1);
    assertThat(held(3000, 1)).isEqualTo(1);
    assertThat(held(2000, 1)).isZero();
    assertThat(table.clients()).isEqualTo(1);
  }

  private void add(long client, long slice, long oldest) {
    table.count(table.find(client, oldest), client, slice, oldest);
  }

  private int held(long client, long oldest) {
    return table.held(table.find(client, oldest), oldest);
  }

  private static int sum(Map<Long, Integer> slices, long oldest) {
    return slices.entrySet().stream()
        .filter(slice -> slice.getKey() >= oldest)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
