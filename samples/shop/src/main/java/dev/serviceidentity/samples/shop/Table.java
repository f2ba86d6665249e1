// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.stream.Collectors;

/** Prints each call as a row, and below it the reason in one readable line. */
final class Table {
  static final String LEGEND =
      """
      Layers: yes = passed, NO = refused here, - = not reached, reported = this layer would have
      refused, but only reports for now. Status: what the caller got; "no TLS" = the handshake ended.""";

  private static final String ROW = "%-4s %-18s %-37s %-14s %-18s %-9s %-7s %-8s %-9s %s";

  private static final String BELOW = "\n       ";

  private Table() {}

  static String header() {
    return ROW.formatted(
        "",
        "call",
        "what",
        "shown",
        "from pod",
        "identity",
        "caller",
        "binding",
        "network",
        "status");
  }

  static String row(Scenario scenario, Outcome outcome) {
    AccessEvent event = outcome.event();
    boolean good = outcome.is(scenario.expected());
    String row =
        ROW.formatted(
            good ? "ok" : "FAIL",
            scenario.from() + " -> " + scenario.to(),
            scenario.title(),
            shown(event),
            pods(event),
            verdict(event, Layer.IDENTITY),
            verdict(event, Layer.CALLER),
            verdict(event, Layer.BINDING),
            verdict(event, Layer.NETWORK),
            outcome.status() == Outcome.NO_RESPONSE
                ? "no TLS"
                : Integer.toString(outcome.status()));
    return row + BELOW + reason(event) + (good ? "" : BELOW + "expected " + scenario.expected());
  }

  /** A call that came to nothing that can be judged. */
  static String row(Scenario scenario, Exception failed) {
    String call = scenario.from() + " -> " + scenario.to();
    return ROW.formatted("FAIL", call, scenario.title(), "", "", "", "", "", "", "")
        + BELOW
        + failed;
  }

  private static String shown(AccessEvent event) {
    return joined("+", event.proof().mechanisms().stream().map(MechanismName::value).toList());
  }

  private static String pods(AccessEvent event) {
    return joined(",", event.source().workloads().stream().map(Workload::displayName).toList());
  }

  private static String joined(String separator, List<String> words) {
    return words.isEmpty() ? "-" : String.join(separator, words);
  }

  private static String verdict(AccessEvent event, Layer layer) {
    Layer decisive = event.outcome().layer();
    boolean refused = event.outcome().decision() == Decision.REFUSED;
    if (decisive == null || layer.compareTo(decisive) < 0) {
      return "yes";
    }
    if (layer == decisive) {
      return refused ? "NO" : "reported";
    }
    return refused ? "-" : "yes";
  }

  private static String reason(AccessEvent event) {
    if (event.outcome().reason() == null) {
      return "admitted "
          + event.proof().principals().stream()
              .map(PrincipalId::nativeName)
              .collect(Collectors.joining(" and "))
          + " by rule "
          + joined(", ", event.ruling().rules());
    }
    String refusal =
        event.outcome().reason() + ": " + event.outcome().detail().lines().findFirst().orElse("");
    return event.outcome().decision() == Decision.REFUSED
        ? refusal
        : "let through all the same: " + refusal;
  }
}
