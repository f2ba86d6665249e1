// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.util.List;
import java.util.stream.Collectors;

/** What probes say together of the network plugin. */
record ProbeReport(List<Tried> all) {

  /** What one probe says. */
  enum Meaning {
    /** The policies deny it, and nobody answered. */
    AS_DENIED("as denied"),
    /** The policies deny it, and it was possible. */
    NOT_ENFORCED("NOT ENFORCED"),
    /** The policies allow it, and it was possible: packets get through at all. */
    CONTROL("control"),
    /** It says nothing. */
    NOTHING("says nothing");

    private final String text;

    Meaning(String text) {
      this.text = text;
    }
  }

  /** One probe, what came of it, and what that means. */
  record Tried(Probe probe, Contact contact, Meaning meaning, String why) {
    /** A plugin that rejects answers a denied connection as a host without a listener does. */
    static Tried of(Probe probe, Contact contact, boolean sameVerdict, boolean pluginRejects) {
      if (!sameVerdict) {
        return new Tried(probe, contact, Meaning.NOTHING, "the policies have changed meanwhile");
      }
      if (probe.isAllowed()) {
        return contact == Contact.CONNECTED
            ? new Tried(probe, contact, Meaning.CONTROL, "allowed, and it works")
            : new Tried(
                probe,
                contact,
                Meaning.NOTHING,
                "allowed, but nobody listens there, or something else is in the way");
      }
      return probe.isDenied()
          ? denied(probe, contact, pluginRejects)
          : new Tried(probe, contact, Meaning.NOTHING, "the policies leave it undecidable");
    }

    private static Tried denied(Probe probe, Contact contact, boolean pluginRejects) {
      String by = "denied by " + probe.deniedBy();
      return switch (contact) {
        case CONNECTED -> new Tried(probe, contact, Meaning.NOT_ENFORCED, by);
        case REFUSED ->
            pluginRejects
                ? new Tried(probe, contact, Meaning.AS_DENIED, by)
                : new Tried(
                    probe,
                    contact,
                    Meaning.NOT_ENFORCED,
                    by
                        + "; a reset comes from the pod itself, unless the plugin rejects what it"
                        + " denies: then say --plugin-rejects");
        case SILENT -> new Tried(probe, contact, Meaning.AS_DENIED, by);
        case UNREACHABLE -> unreachable(probe, by, pluginRejects);
        case FAILED ->
            new Tried(probe, contact, Meaning.NOTHING, by + ", but it could not be tried");
      };
    }

    /** A plugin that rejects may answer so; elsewhere it may be any fault on the way. */
    private static Tried unreachable(Probe probe, String by, boolean pluginRejects) {
      return pluginRejects
          ? new Tried(probe, Contact.UNREACHABLE, Meaning.AS_DENIED, by)
          : new Tried(
              probe,
              Contact.UNREACHABLE,
              Meaning.NOTHING,
              by + ", but there is no way there, which no plugin that drops packets answers");
    }

    @Override
    public String toString() {
      return "%-12s  %s: %s; %s".formatted(meaning.text, probe, contact, why);
    }
  }

  private boolean has(Meaning meaning) {
    return all.stream().anyMatch(each -> each.meaning() == meaning);
  }

  /** Without a control, silence proves nothing; what did connect proves itself. */
  int exitCode() {
    if (has(Meaning.NOT_ENFORCED)) {
      return ExitCode.DOES_NOT_HOLD;
    }
    return has(Meaning.CONTROL) && has(Meaning.AS_DENIED) ? ExitCode.HOLDS : ExitCode.UNUSABLE;
  }

  String summary() {
    if (has(Meaning.NOT_ENFORCED)) {
      return "NOT ENFORCED: the network plugin lets through what the policies deny";
    }
    if (!has(Meaning.AS_DENIED)) {
      return "SAYS NOTHING: nothing that the policies deny was tried; name targets by --to";
    }
    return has(Meaning.CONTROL)
        ? "ENFORCED: nothing that the policies deny was possible, as far as was tried"
        : "SAYS NOTHING: no connection that the policies allow was possible either; name one that"
            + " works by --to";
  }

  String text() {
    return summary()
        + "\n"
        + all.stream().map(each -> "  " + each).collect(Collectors.joining("\n"));
  }

  void write(Json json) {
    json.object(
        () ->
            json.text("summary", summary())
                .array(
                    "probes",
                    all,
                    each ->
                        json.object(
                            () ->
                                json.text("to", each.probe().flow().to().toString())
                                    .number("port", each.probe().flow().port())
                                    .text("address", each.probe().address().toString())
                                    .text("verdict", each.probe().decision().verdict().name())
                                    .text("contact", each.contact().name())
                                    .text("meaning", each.meaning().name())
                                    .text("why", each.why()))));
  }
}
