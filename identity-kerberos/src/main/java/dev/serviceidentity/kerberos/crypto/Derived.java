// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import org.jspecify.annotations.Nullable;

/**
 * What a key has derived for its usages, as a list: a key has one or two of them, and most keys of
 * clients none, so that an array for all would be most of what a key takes. Immutable.
 */
final class Derived<T> {
  private final KeyUsage usage;
  private final T made;
  private final @Nullable Derived<T> others;

  Derived(KeyUsage usage, T made, @Nullable Derived<T> others) {
    this.usage = usage;
    this.made = made;
    this.others = others;
  }

  static <T> @Nullable T find(@Nullable Derived<T> list, KeyUsage usage) {
    for (Derived<T> next = list; next != null; next = next.others) {
      if (next.usage == usage) {
        return next.made;
      }
    }
    return null;
  }
}
