// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.samples.shop.Scenario.Result;
import java.util.stream.Collectors;

/** Prints each call as a row, and below it the reason in one readable line. */
final class Table {
  private static final String ROW = "%-2s %-17s %-37s %-15s %-18s %-9s %-7s %-8s %-8s %s";

  private Table() {}

  static String header() {
    return ROW.formatted(
        "",
        "call",
        "what",
        "proven by",
        "from pod",
        "identity",
        "caller",
        "binding",
        "network",
        "status");
  }

  static String row(Result result) {
    Scenario scenario = result.scenario();
    AccessEvent event = result.outcome().event();
    int status = result.outcome().status();
    String row =
        ROW.formatted(
            result.isExpected() ? "✓" : "✗",
            scenario.from() + " → " + scenario.to(),
            scenario.title(),
            mechanisms(event),
            pods(event),
            verdict(event, Layer.IDENTITY),
            verdict(event, Layer.CALLER),
            verdict(event, Layer.BINDING),
            verdict(event, Layer.NETWORK),
            status == Outcome.NO_RESPONSE ? "no TLS" : Integer.toString(status));
    String reason = "\n     " + reason(event);
    return result.isExpected()
        ? row + reason
        : row + reason + "\n     expected " + scenario.expected();
  }

  private static String mechanisms(AccessEvent event) {
    return event.proof().mechanisms().isEmpty()
        ? "nothing"
        : event.proof().mechanisms().stream()
            .map(MechanismName::value)
            .collect(Collectors.joining("+"));
  }

  private static String pods(AccessEvent event) {
    return event.source().workloads().isEmpty()
        ? "–"
        : event.source().workloads().stream()
            .map(Workload::displayName)
            .collect(Collectors.joining(","));
  }

  private static String verdict(AccessEvent event, Layer layer) {
    Layer decisive = event.outcome().layer();
    if (decisive == null || layer.compareTo(decisive) < 0) {
      return "yes";
    }
    if (layer == decisive) {
      return event.outcome().decision() == Decision.REFUSED ? "NO" : "reported";
    }
    return event.outcome().decision() == Decision.REFUSED ? "–" : "yes";
  }

  private static String reason(AccessEvent event) {
    if (event.outcome().reason() == null) {
      return event.proof().principals()
          + (event.ruling().rules().isEmpty() ? "" : " by " + event.ruling().rules());
    }
    return event.outcome().reason()
        + ": "
        + event.outcome().detail().lines().findFirst().orElse("");
  }
}
