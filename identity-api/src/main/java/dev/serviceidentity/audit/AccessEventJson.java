// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.audit.AccessEvent.Ruling;
import dev.serviceidentity.audit.AccessEvent.Source;
import dev.serviceidentity.network.Workload;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** The JSON form of an event, as {@code docs/access-event.schema.json} describes it. */
final class AccessEventJson {
  static final String SCHEMA = "serviceidentity.dev/access-event/v1";

  /** What a double still counts exactly, since that is what many readers of JSON have. */
  private static final long LONGEST = 1L << 53;

  private static final Duration LONGEST_NANOS = Duration.ofNanos(LONGEST);
  private static final Duration LONGEST_MILLIS = Duration.ofMillis(LONGEST);

  private AccessEventJson() {}

  static String line(AccessEvent event) {
    var json =
        new JsonObject()
            .text("schema", SCHEMA)
            .text("id", event.heading().id())
            .number("sequence", event.heading().sequence())
            .text("time", event.heading().time())
            .number("durationNanos", count(event.heading().duration(), LONGEST_NANOS, Duration::toNanos))
            .number("occurrences", event.heading().occurrences());
    json.object("own", own(event.own()));
    outcome(json, event.outcome());
    json.texts("mechanisms", event.proof().mechanisms())
        .texts("principals", event.proof().principals())
        .texts("fingerprints", event.proof().fingerprints());
    if (!event.proof().ignored().isEmpty()) {
      json.texts("ignored", event.proof().ignored());
    }
    return json.object("source", source(event.source()))
        .object("ruling", ruling(event.ruling()))
        .object("request", request(event.request()))
        .end();
  }

  private static JsonObject own(AccessEvent.Own own) {
    return new JsonObject()
        .texts("principals", own.principals())
        .text("pod", own.pod())
        .number("identityGeneration", own.identityGeneration());
  }

  private static void outcome(JsonObject json, Outcome outcome) {
    json.text("decision", outcome.decision())
        .flag("enforced", outcome.enforced())
        .text("layer", outcome.layer())
        .text("reason", outcome.reason())
        .text("detail", outcome.detail());
  }

  private static JsonObject source(Source source) {
    return new JsonObject()
        .text("socket", source.socket())
        .text("effective", source.effective())
        .text("basis", source.basis())
        .text("forwardedBy", source.forwardedBy())
        .objects("workloads", source.workloads().stream().map(AccessEventJson::workload).toList());
  }

  private static JsonObject workload(Workload workload) {
    return new JsonObject()
        .text("namespace", workload.namespace())
        .text("serviceAccount", workload.serviceAccount().name())
        .text("pod", workload.pod().name())
        .text("uid", workload.pod().uid())
        .text("node", workload.pod().node())
        .texts("labels", workload.labels())
        .texts("namespaceLabels", workload.namespaceLabels());
  }

  private static JsonObject ruling(Ruling ruling) {
    var json =
        new JsonObject()
            .texts("rules", ruling.rules())
            .text("viewVersion", ruling.viewVersion())
            .number("viewGeneration", ruling.viewGeneration());
    if (ruling.viewAge() != null) {
      json.number("viewAgeMillis", count(ruling.viewAge(), LONGEST_MILLIS, Duration::toMillis));
    }
    return json;
  }

  private static JsonObject request(Request request) {
    var json =
        new JsonObject()
            .text("local", request.local())
            .text("protocol", request.protocol())
            .text("method", request.method())
            .text("path", request.path());
    if (request.trace() != null) {
      json.text("traceId", request.trace().traceId()).text("spanId", request.trace().spanId());
    }
    return json;
  }

  /** How many units; as many as there can be for a view that was never proven. */
  private static long count(Duration time, Duration longest, ToLongFunction<Duration> units) {
    return time.compareTo(longest) > 0 ? LONGEST : units.applyAsLong(time);
  }
}
