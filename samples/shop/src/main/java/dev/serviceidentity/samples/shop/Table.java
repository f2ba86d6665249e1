// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.samples.shop.Scenario.Result;
import java.util.List;
import java.util.stream.Collectors;

/** Prints each call as a row, and below it the reason in one readable line. */
final class Table {
  static final String LEGEND =
      """
      Layers: yes = passed, NO = refused here, - = not reached, reported = this layer would have
      refused, but only reports for now. Status: what the caller got; "no TLS" = the handshake ended.""";

  private static final String ROW = "%-4s %-18s %-37s %-14s %-18s %-9s %-7s %-8s %-9s %s";

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

  static String row(Result result) {
    Scenario scenario = result.scenario();
    AccessEvent event = result.outcome().event();
    int status = result.outcome().status();
    String row =
        ROW.formatted(
            result.isExpected() ? "ok" : "FAIL",
            scenario.from() + " -> " + scenario.to(),
            scenario.title(),
            shown(event),
            pods(event),
            verdict(event, Layer.IDENTITY),
            verdict(event, Layer.CALLER),
            verdict(event, Layer.BINDING),
            verdict(event, Layer.NETWORK),
            status == Outcome.NO_RESPONSE ? "no TLS" : Integer.toString(status));
    String reason = row + "\n       " + reason(event);
    return result.isExpected() ? reason : reason + "\n       expected " + scenario.expected();
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
