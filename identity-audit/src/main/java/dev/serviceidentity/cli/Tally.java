// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;

/** How many pairs of a matrix have which answers, and how many errors the manifests have. */
record Tally(int pairs, long allowed, long undecidable, long open, int errors) {

  static Tally of(List<Reach> reaches, int errors) {
    return new Tally(
        reaches.size(),
        reaches.stream().filter(reach -> reach.has(Verdict.ALLOWED)).count(),
        reaches.stream().filter(reach -> reach.has(Verdict.UNDECIDABLE)).count(),
        reaches.stream().filter(Reach::isOpen).count(),
        errors);
  }

  /** Returns one sentence with the numbers, and one more if there are errors. */
  @Override
  public String toString() {
    return "%d of %d pairs are allowed something%s%s.%s"
        .formatted(
            allowed,
            pairs,
            undecidable == 0 ? "" : ", %d are undecidable in part".formatted(undecidable),
            open < pairs ? "; the others are denied" : "",
            errors == 0
                ? ""
                : " The manifests have %d error(s), and what these hide is not shown."
                    .formatted(errors));
  }
}
