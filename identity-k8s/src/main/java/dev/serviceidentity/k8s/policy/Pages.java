// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from 128-bit keys that never changes: with one entry changed it is a new map that shares
 * all but one small page with the old one. Reading allocates nothing.
 */
final class Pages<V> {
  private static final int USUAL_SIZE = 4;

  private final @Nullable Page[] pages;
  private final int size;

  /** The keys of entry i are at 2i and 2i + 1. */
  private record Page(long[] keys, Object[] values) {}

  private Pages(@Nullable Page[] pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  /** Collects entries that are known at once. Not thread-safe; used up by {@link #build}. */
  static final class Builder<V> {
    private final @Nullable Page[] pages;
    private int size;

    Builder(int expectedSize) {
      this.pages = new Page[2 * Integer.highestOneBit(Math.max(1, expectedSize / USUAL_SIZE))];
    }

    @Nullable V get(long high, long low) {
      return find(pages, high, low);
    }

    void put(long high, long low, V value) {
      size += replace(pages, high, low, value);
    }

    Pages<V> build() {
      return new Pages<>(pages, size);
    }
  }

  int size() {
    return size;
  }

  @Nullable V get(long high, long low) {
    return find(pages, high, low);
  }

  /** The map with another value for a key, or without the key if the value is null. */
  Pages<V> with(long high, long low, @Nullable V value) {
    @Nullable Page[] changed = pages.clone();
    var result = new Pages<V>(changed, size + replace(changed, high, low, value));
    return result.size > 4 * USUAL_SIZE * pages.length ? result.spread() : result;
  }

  private Pages<V> spread() {
    var builder = new Builder<V>(2 * size);
    for (Page page : pages) {
      for (int i = 0; page != null && i < page.values.length; i++) {
        builder.put(page.keys[2 * i], page.keys[2 * i + 1], Pages.<V>value(page, i));
      }
    }
    return builder.build();
  }

  void forEach(Consumer<V> consumer) {
    for (Page page : pages) {
      for (int i = 0; page != null && i < page.values.length; i++) {
        consumer.accept(value(page, i));
      }
    }
  }

  private static <V> @Nullable V find(@Nullable Page[] pages, long high, long low) {
    Page page = pages[slot(high, low, pages.length)];
    int index = page == null ? -1 : indexOf(page.keys, high, low);
    return index < 0 ? null : value(page, index);
  }

  private static int indexOf(long[] keys, long high, long low) {
    for (int i = 0; i < keys.length; i += 2) {
      if (keys[i + 1] == low && keys[i] == high) {
        return i >> 1;
      }
    }
    return -1;
  }

  @SuppressWarnings("unchecked")
  private static <V> V value(Page page, int index) {
    return (V) page.values[index];
  }

  /** Neighbouring keys are the rule, so that all bits must reach those that choose the page. */
  private static int slot(long high, long low, int count) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 32) & (count - 1);
  }

  /** Puts a new page in the place of the one for a key; returns by how much the map grows. */
  private static int replace(@Nullable Page[] pages, long high, long low, @Nullable Object value) {
    int slot = slot(high, low, pages.length);
    Page before = pages[slot];
    long[] keys = before == null ? new long[0] : before.keys;
    Object[] values = before == null ? new Object[0] : before.values;
    int index = indexOf(keys, high, low);
    int kept = values.length - (index < 0 ? 0 : 1);
    int count = kept + (value == null ? 0 : 1);
    long[] newKeys = new long[2 * count];
    Object[] newValues = new Object[count];
    for (int from = 0, to = 0; from < values.length; from++) {
      if (from != index) {
        newKeys[2 * to] = keys[2 * from];
        newKeys[2 * to + 1] = keys[2 * from + 1];
        newValues[to++] = values[from];
      }
    }
    if (value != null) {
      newKeys[2 * kept] = high;
      newKeys[2 * kept + 1] = low;
      newValues[kept] = value;
    }
    pages[slot] = new Page(newKeys, newValues);
    return count - values.length;
  }
}
