// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final int STEPS = 20_000;
  private static final int KEYS = 3000;

  private final long seed = Long.getLong("seed", System.nanoTime());

  private record Entry(long high, long low, int value) implements Pages.Keyed {}

  @Test
  void holdsWhatWasPutLastThroughAllChanges() {
    System.out.println("PagesTest: -Dseed=" + seed);
    var random = new Random(seed);
    Map<Long, Entry> expected = new HashMap<>();
    Pages<Entry> pages = new Pages.Builder<Entry>(1).build();
    for (int i = 0; i < STEPS; i++) {
      long key = random.nextInt(KEYS);
      if (random.nextInt(3) == 0) {
        pages = pages.without(key % 2, key);
        expected.remove(key);
      } else {
        var entry = new Entry(key % 2, key, i);
        pages = pages.with(entry);
        expected.put(key, entry);
      }
      assertThat(pages.get(key % 2, key)).isSameAs(expected.get(key));
    }
    for (long key = 0; key < KEYS; key++) {
      assertThat(pages.get(key % 2, key)).isSameAs(expected.get(key));
    }
    var all = new ArrayList<Entry>();
    pages.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(expected.values()).hasSize(pages.size());
  }

  @Test
  void aMapStaysAsItIsWhileAnotherIsMadeOfIt() {
    Pages<Entry> one = new Pages.Builder<Entry>(1).build().with(new Entry(0, 1, 1));
    Pages<Entry> other = one.with(new Entry(0, 1, 2)).with(new Entry(0, 2, 2));

    assertThat(one.get(0, 1)).isEqualTo(new Entry(0, 1, 1));
    assertThat(one.get(0, 2)).isNull();
    assertThat(other.get(0, 1)).isEqualTo(new Entry(0, 1, 2));
    assertThat(other.without(0, 1).get(0, 1)).isNull();
    assertThat(other.get(1, 1)).isNull();
  }
}
