// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of entries that hold their own 128-bit keys. It never changes: with one entry changed it is
 * a new map that shares all but one page with the old one. Reading allocates nothing.
 */
final class Pages<V extends Pages.Keyed> {
  private static final int USUAL_SIZE = 32;

  /**
   * So few of a page's places are taken that the first one tried is nearly always the right one.
   */
  private static final int PLACES_PER_ENTRY = 4;

  private static final Keyed[] NOTHING = {null};

  /**
   * Only ever filled with entries of the one type, each as near as is free to where its key says.
   */
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
    long hash = hash(high, low);
    Keyed[] page = pages[slot(hash, pages.length)];
    return (V) page[place(page, hash, high, low)];
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
        if (entry != null) {
          consumer.accept((V) entry);
        }
      }
    }
  }

  /** Neighbouring keys are the rule, so that all bits must reach those that choose the place. */
  private static long hash(long high, long low) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
    return mixed ^ (mixed >>> 32);
  }

  private static int slot(long hash, int count) {
    return (int) hash & (count - 1);
  }

  /** Where a key is in a page, or may be put: there always is a free place, where a search ends. */
  private static int place(Keyed[] page, long hash, long high, long low) {
    int last = page.length - 1;
    int place = (int) (hash >>> 32) & last;
    Keyed entry = page[place];
    while (entry != null && (entry.low() != low || entry.high() != high)) {
      place = (place + 1) & last;
      entry = page[place];
    }
    return place;
  }

  private static void put(Keyed[] page, Keyed entry) {
    page[place(page, hash(entry.high(), entry.low()), entry.high(), entry.low())] = entry;
  }

  /** Puts a new page in the place of the one for a key; returns by how much the map grows. */
  private static int replace(Keyed[][] pages, long high, long low, @Nullable Keyed entry) {
    int slot = slot(hash(high, low), pages.length);
    var entries = new ArrayList<Keyed>();
    int before = 0;
    for (Keyed each : pages[slot]) {
      if (each != null) {
        before++;
        if (each.low() != low || each.high() != high) {
          entries.add(each);
        }
      }
    }
    if (entry != null) {
      entries.add(entry);
    }
    var page = new Keyed[2 * PLACES_PER_ENTRY * Integer.highestOneBit(entries.size() + 1)];
    entries.forEach(each -> put(page, each));
    pages[slot] = page;
    return entries.size() - before;
  }
}
