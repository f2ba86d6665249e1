// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is wrong with one object, by field. Filled while the object is read and mapped. */
final class Problems {
  private static final int MOST = 200;
  private static final String TOO_MANY = "has more problems than are shown; none of it is believed";

  private final List<Problem> all = new ArrayList<>();

  record Problem(Severity severity, FieldPath at, String message, boolean isUnknownField) {
    Problem(Severity severity, FieldPath at, String message) {
      this(severity, at, message, false);
    }
  }

  void error(FieldPath at, String message) {
    add(new Problem(Severity.ERROR, at, message));
  }

  /**
   * Reports what is missing or wrong at a place, unless that follows from an error there, or from a
   * field beside it that is misspelt: the second advice would be a wrong one.
   */
  void errorUnlessExplained(FieldPath at, String message) {
    boolean misspelt = errors().anyMatch(p -> p.isUnknownField() && p.at().isBeside(at));
    if (!misspelt && errorIn(at).isEmpty()) {
      error(at, message);
    }
  }

  /** A field that is not understood may narrow what is beside it. */
  void unknownField(FieldPath at, String message) {
    add(new Problem(Severity.ERROR, at, message, true));
  }

  void warning(FieldPath at, String message) {
    add(new Problem(Severity.WARNING, at, message));
  }

  /** Past the bound each part counts as malformed, so that nothing is believed by being dropped. */
  private void add(Problem problem) {
    if (all.size() < MOST) {
      all.add(problem);
    } else if (all.size() == MOST) {
      all.add(new Problem(Severity.ERROR, FieldPath.ROOT, TOO_MANY));
    }
  }

  List<Problem> all() {
    return List.copyOf(all);
  }

  /** Whether nothing of the object is believed, whatever else is found. */
  boolean isFull() {
    return all.size() > MOST;
  }

  boolean hasErrors() {
    return errors().findAny().isPresent();
  }

  /** The first error of a part and of what is in it, but for the elements of some of its lists. */
  Optional<String> errorIn(FieldPath part, FieldPath... lists) {
    return firstErrorIn(part, lists).map(Problem::message);
  }

  /** The same with its place. */
  Optional<Problem> firstErrorIn(FieldPath part, FieldPath... lists) {
    if (isFull()) {
      return Optional.of(all.get(MOST));
    }
    return errors()
        .filter(p -> p.at().isUnder(part))
        .filter(p -> Stream.of(lists).noneMatch(list -> p.at().isWithin(list)))
        .findFirst();
  }

  /** Whether there is an error that is not in one of some parts. */
  boolean hasErrorsOutside(FieldPath... parts) {
    return errors().anyMatch(p -> Stream.of(parts).noneMatch(part -> p.at().isUnder(part)));
  }

  private Stream<Problem> errors() {
    return all.stream().filter(p -> p.severity() == Severity.ERROR);
  }
}
