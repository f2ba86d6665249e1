// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What one party may reach of another, port by port. */
record Reach(Party from, Party to, List<Span> spans) {
  /** What {@link #ports} says where every port of every protocol has the verdict. */
  static final String ALL_PORTS = "all ports";

  boolean has(Verdict verdict) {
    return spans.stream().anyMatch(span -> span.verdict() == verdict);
  }

  /** What has one verdict. */
  Reach only(Verdict verdict) {
    return new Reach(from, to, spans.stream().filter(s -> s.verdict() == verdict).toList());
  }

  /** Whether anything but denial is among the verdicts. */
  boolean isOpen() {
    return has(Verdict.ALLOWED) || has(Verdict.UNDECIDABLE);
  }

  /** The ports with a verdict, for people: {@code TCP 80, 8000-8080; UDP all}; empty for none. */
  String ports(Verdict verdict) {
    var parts = new ArrayList<String>();
    boolean everything = true;
    for (Protocol protocol : Protocol.values()) {
      List<Span> of =
          spans.stream()
              .filter(span -> span.protocol() == protocol && span.verdict() == verdict)
              .toList();
      everything &= of.stream().anyMatch(Span::isWhole);
      if (!of.isEmpty()) {
        parts.add(protocol + " " + numbers(of));
      }
    }
    return everything ? ALL_PORTS : String.join("; ", parts);
  }

  private static String numbers(List<Span> spans) {
    return spans.stream()
        .map(span -> span.isWhole() ? "all" : span.ports())
        .collect(Collectors.joining(", "));
  }
}
