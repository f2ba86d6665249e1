// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from 128-bit keys that never changes: with one entry changed it is a new map that shares
 * all but one small page with the old one. Reading allocates nothing.
 */
final class Pages<V> {
  private static final int USUAL_SIZE = 4;

  private final @Nullable Page<V>[] pages;
  private final int size;

  private Pages(@Nullable Page<V>[] pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  /** Collects entries that are known at once. Not thread-safe; used up by {@link #build}. */
  static final class Builder<V> {
    private final @Nullable Page<V>[] pages;
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"})
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
    @Nullable Page<V>[] changed = pages.clone();
    var result = new Pages<V>(changed, size + replace(changed, high, low, value));
    return result.size > 4 * USUAL_SIZE * pages.length ? result.spread() : result;
  }

  private Pages<V> spread() {
    var builder = new Builder<V>(2 * size);
    for (Page<V> page : pages) {
      for (int i = 0; page != null && i < page.size(); i++) {
        builder.put(page.keys[2 * i], page.keys[2 * i + 1], page.value(i));
      }
    }
    return builder.build();
  }

  void forEach(Consumer<V> consumer) {
    for (Page<V> page : pages) {
      for (int i = 0; page != null && i < page.size(); i++) {
        consumer.accept(page.value(i));
      }
    }
  }

  private static <V> @Nullable V find(@Nullable Page<V>[] pages, long high, long low) {
    Page<V> page = pages[slot(high, low, pages.length)];
    int index = page == null ? -1 : page.indexOf(high, low);
    return index < 0 ? null : page.value(index);
  }

  /** Neighbouring keys are the rule, so that all bits must reach those that choose the page. */
  private static int slot(long high, long low, int count) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 32) & (count - 1);
  }

  /** Puts a new page in the place of the one for a key; returns by how much the map grows. */
  private static <V> int replace(
      @Nullable Page<V>[] pages, long high, long low, @Nullable V value) {
    int slot = slot(high, low, pages.length);
    Page<V> before = pages[slot];
    Page<V> page = before == null ? new Page<>(new long[0], new Object[0]) : before;
    int index = page.indexOf(high, low);
    Page<V> rest = index < 0 ? page : page.without(index);
    Page<V> after = value == null ? rest : rest.and(high, low, value);
    pages[slot] = after;
    return after.size() - page.size();
  }

  /** A few entries; the keys of entry i are at 2i and 2i + 1. */
  private static final class Page<V> {
    private final long[] keys;
    private final Object[] values;

    Page(long[] keys, Object[] values) {
      this.keys = keys;
      this.values = values;
    }

    int size() {
      return values.length;
    }

    @SuppressWarnings("unchecked")
    V value(int index) {
      return (V) values[index];
    }

    int indexOf(long high, long low) {
      for (int i = 0; i < keys.length; i += 2) {
        if (keys[i + 1] == low && keys[i] == high) {
          return i >> 1;
        }
      }
      return -1;
    }

    Page<V> without(int index) {
      int last = values.length - 1;
      long[] fewerKeys = Arrays.copyOf(keys, 2 * last);
      Object[] fewer = Arrays.copyOf(values, last);
      if (index < last) {
        fewerKeys[2 * index] = keys[2 * last];
        fewerKeys[2 * index + 1] = keys[2 * last + 1];
        fewer[index] = values[last];
      }
      return new Page<>(fewerKeys, fewer);
    }

    Page<V> and(long high, long low, V value) {
      long[] moreKeys = Arrays.copyOf(keys, keys.length + 2);
      Object[] more = Arrays.copyOf(values, values.length + 1);
      moreKeys[keys.length] = high;
      moreKeys[keys.length + 1] = low;
      more[values.length] = value;
      return new Page<>(moreKeys, more);
    }
  }
}
