// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.PolicyDecision.Verdict;

/** Neighbouring ports of one protocol that have one verdict. */
record Span(Protocol protocol, int first, int last, Verdict verdict) {
  boolean isWhole() {
    return first == 1 && last == PortNumber.HIGHEST;
  }

  Span extendedTo(int port) {
    return new Span(protocol, first, port, verdict);
  }

  String ports() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
