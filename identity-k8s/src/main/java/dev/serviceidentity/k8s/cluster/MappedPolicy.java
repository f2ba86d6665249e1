// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.cluster.Problems.Problem;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.PolicyFacts.Flaw;
import dev.serviceidentity.k8s.policy.Quote;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy as it is taken, before it is settled where it is written: one that is written
 * twice in the same way is one.
 *
 * @param written the pods that it seems to be for, whatever it is closed for
 * @param problem why it is closed, or null if it is not
 */
record MappedPolicy(PolicyFacts facts, LabelSelector written, @Nullable Problem problem) {

  /** With the place of each of its fields. */
  PolicyFacts at(Function<FieldPath, Place> places) {
    return problem == null
        ? facts
        : facts.flawed(
            new Flaw("malformed", places.apply(problem.at()).toString(), remedy(problem), written));
  }

  /** What follows from the problem the explanation says itself. */
  private static String remedy(Problem problem) {
    String field = problem.at().toString();
    String what = problem.message().replace(ModelType.CONSEQUENCE, "");
    return "correct " + (field.isEmpty() ? "it" : Quote.plain(field)) + ": " + what;
  }

  /** Two of one name say different things; neither is believed. */
  PolicyFacts disputed(Place place) {
    return PolicyFacts.closed(facts.namespace(), facts.name(), facts.subject())
        .flawed(
            new Flaw(
                "written differently elsewhere", place.toString(), "keep one of them", written));
  }
}
