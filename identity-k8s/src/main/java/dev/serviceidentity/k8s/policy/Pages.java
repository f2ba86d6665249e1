// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of entries that hold their own 128-bit keys. It never changes: with one entry changed it is
 * a new map that shares all but one small page with the old one. Reading allocates nothing.
 */
final class Pages<V extends Pages.Keyed> {
  private static final int USUAL_SIZE = 2;
  private static final Keyed[] NOTHING = {};

  /** Only ever filled with entries of the one type. */
  private final Keyed[][] pages;

  private final int size;

  /** What a map can hold. */
  interface Keyed {
    long high();

    long low();
  }

  private Pages(Keyed[][] pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  /** Collects entries that are known at once. Not thread-safe; used up by {@link #build}. */
  static final class Builder<V extends Keyed> {
    private final Keyed[][] pages;
    private int size;

    Builder(int expectedSize) {
      int count = 2 * Integer.highestOneBit(Math.max(1, expectedSize / USUAL_SIZE));
      this.pages = new Keyed[count][];
      Arrays.fill(pages, NOTHING);
    }

    void put(V entry) {
      size += replace(pages, entry.high(), entry.low(), entry);
    }

    Pages<V> build() {
      return new Pages<>(pages, size);
    }
  }

  int size() {
    return size;
  }

  @SuppressWarnings("unchecked")
  @Nullable V get(long high, long low) {
    Keyed[] page = pages[slot(high, low, pages.length)];
    int index = indexOf(page, high, low);
    return index < 0 ? null : (V) page[index];
  }

  Pages<V> with(V entry) {
    return changed(entry.high(), entry.low(), entry);
  }

  Pages<V> without(long high, long low) {
    return changed(high, low, null);
  }

  private Pages<V> changed(long high, long low, @Nullable V entry) {
    Keyed[][] copy = pages.clone();
    var result = new Pages<V>(copy, size + replace(copy, high, low, entry));
    return result.size > 4 * USUAL_SIZE * pages.length ? result.spread() : result;
  }

  private Pages<V> spread() {
    var builder = new Builder<V>(2 * size);
    forEach(builder::put);
    return builder.build();
  }

  @SuppressWarnings("unchecked")
  void forEach(Consumer<V> consumer) {
    for (Keyed[] page : pages) {
      for (Keyed entry : page) {
        consumer.accept((V) entry);
      }
    }
  }

  private static int indexOf(Keyed[] page, long high, long low) {
    for (int i = 0; i < page.length; i++) {
      Keyed entry = page[i];
      if (entry.low() == low && entry.high() == high) {
        return i;
      }
    }
    return -1;
  }

  /** Neighbouring keys are the rule, so that all bits must reach those that choose the page. */
  private static int slot(long high, long low, int count) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 32) & (count - 1);
  }

  /** Puts a new page in the place of the one for a key; returns by how much the map grows. */
  private static int replace(Keyed[][] pages, long high, long low, @Nullable Keyed entry) {
    int slot = slot(high, low, pages.length);
    Keyed[] before = pages[slot];
    int index = indexOf(before, high, low);
    Keyed[] after = entry == null ? before.clone() : Arrays.copyOf(before, before.length + 1);
    int end = before.length;
    if (index >= 0) {
      after[index] = before[--end];
    }
    if (entry != null) {
      after[end++] = entry;
    }
    pages[slot] = Arrays.copyOf(after, end);
    return end - before.length;
  }
}
