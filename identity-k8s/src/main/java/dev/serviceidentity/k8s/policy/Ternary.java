// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** Truth where a fact may be missing (Kleene): what is certain in every case stays certain. */
enum Ternary {
  NO,
  UNKNOWN,
  YES;

  static Ternary of(boolean value) {
    return value ? YES : NO;
  }

  Ternary and(Ternary other) {
    return compareTo(other) <= 0 ? this : other;
  }

  Ternary not() {
    return switch (this) {
      case NO -> YES;
      case UNKNOWN -> UNKNOWN;
      case YES -> NO;
    };
  }

  /** The answer if nobody knows which of two holds. */
  Ternary either(Ternary other) {
    return this == other ? this : UNKNOWN;
  }

  Ternary or(Ternary other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
