// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.LiveNetworkBuilder;
import dev.serviceidentity.network.Workload;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds out whether the network plugin enforces what the policies say. */
@Command(
    name = "probe",
    description =
        "From inside a pod, opens TCP connections that the policies deny, and reports a network"
            + " plugin that lets them through. Nothing is sent on them.",
    footer = {
      "",
      "Connections that are allowed are tried as well: unless one of them works, silence proves"
          + " nothing.",
      "",
      "Exit code: 0 enforced as far as was tried, 1 not enforced, 2 no answer."
    })
final class ProbeCommand implements Callable<Integer> {
  /** How the answer is written. */
  enum Output {
    TEXT,
    JSON
  }

  private static final int MOST = 64;
  private static final int CONTROLS = 2;
  private static final int LONGEST_SECONDS = 60;

  private final Session session;

  @Mixin private OwnView view = new OwnView();

  @Option(
      names = "--to",
      paramLabel = "NAMESPACE/POD:PORT",
      converter = ProbeTarget.Converter.class,
      description =
          "Tries this one, denied or allowed. May be given several times. Unless said, some declared"
              + " ports of pods of all namespaces are tried.")
  private List<ProbeTarget> targets = List.of();

  @Option(
      names = "--most",
      paramLabel = "NUMBER",
      description =
          "How many denied connections are chosen; ${DEFAULT-VALUE} unless said, 64 at most.")
  private int most = 8;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description =
          "How long each connection is waited for; ${DEFAULT-VALUE} unless said, 60 at most.")
  private int patience = 3;

  @Option(
      names = "--plugin-rejects",
      description = "The network plugin answers what it denies by a reset, instead of dropping it.")
  private boolean pluginRejects;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
  private Output output = Output.TEXT;

  ProbeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (most < 1 || most > MOST || targets.size() > MOST) {
      throw Program.unusable("at least 1 and at most " + MOST + " connections are tried");
    }
    if (patience < 1 || patience > LONGEST_SECONDS) {
      throw Program.unusable("--patience is 1 to " + LONGEST_SECONDS + " seconds");
    }
    try (OwnView.Opened opened = view.open(session, LiveNetworkBuilder::wholeCluster)) {
      var report = new ProbeReport(tried(opened.network()));
      switch (output) {
        case TEXT -> session.print(report.text());
        case JSON -> Json.write(session.out(), report::write);
      }
      return report.exitCode();
    }
  }

  private List<ProbeReport.Tried> tried(KubernetesNetwork network) {
    Workload own =
        network
            .self()
            .orElseThrow(() -> Program.unusable("the own pod is not seen: say --own-pod"));
    var plan = new ProbePlan(network, own);
    List<Probe> probes = targets.isEmpty() ? plan.chosen(most, CONTROLS) : plan.of(targets);
    var tried = new ArrayList<ProbeReport.Tried>();
    for (Probe probe : probes) {
      session.progress().tell("connections", tried.size(), probes.size() + 1L);
      Contact contact = tried(probe, own);
      boolean same = network.check(probe.flow()).verdict() == probe.decision().verdict();
      tried.add(ProbeReport.Tried.of(probe, contact, same, pluginRejects));
    }
    session.progress().tell("connections", 1, 1);
    return tried;
  }

  /** From the pod's own address: what others may do says nothing of it. */
  private Contact tried(Probe probe, Workload own) {
    try {
      return Contact.with(
          probe.from().toInetAddress(),
          probe.address().toInetAddress(),
          probe.flow().port(),
          Duration.ofSeconds(patience));
    } catch (BindException e) {
      throw Program.unusable(
          "this does not run in the pod %s, whose address %s is not here (%s); run it there"
              .formatted(own.displayName(), probe.from(), e.getMessage()));
    }
  }
}
