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

  /** Returns the numbers in a sentence, and what to do about errors and open questions. */
  @Override
  public String toString() {
    return "%d of %d pairs are allowed something%s%s.%s%s"
        .formatted(
            allowed,
            pairs,
            undecidable == 0 ? "" : ", %d are undecidable in part".formatted(undecidable),
            open < pairs ? "; the others are denied" : "",
            errors == 0
                ? ""
                : " The manifests have %d error(s), and what these hide is not shown."
                    .formatted(errors),
            undecidable == 0
                ? ""
                : " check says why for each; where blocks leave pods without an address undecidable,"
                    + " --pod-cidr and --pods-in-blocks decide.");
  }
}
