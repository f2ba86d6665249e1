// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Directory;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.k8s.question.PolicyQuestions;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Side;
import java.util.List;
import java.util.function.Consumer;

/** A cluster at one moment. Both ends' policies are asked, as the network does. */
record Cluster(
    KubernetesNetwork network,
    Inventory inventory,
    PolicyQuestions questions,
    Origin origin,
    boolean tolerant)
    implements AutoCloseable {

  /** Where it is known from. */
  enum Origin {
    MANIFESTS("the manifests", "have"),
    LIVE("the cluster", "has");

    private final String where;
    private final String has;

    Origin(String where, String has) {
      this.where = where;
      this.has = has;
    }

    String where() {
      return where;
    }
  }

  /** Of a tolerant one an answer counts although part of it could not be read. */
  static Cluster of(Manifests manifests, Assumptions assumptions, Origin origin, boolean tolerant) {
    KubernetesNetwork network =
        KubernetesNetwork.fromManifests(manifests)
            .podsInBlocks(assumptions.podsInBlocks())
            .unownedAddresses(assumptions.unowned())
            .podNetworks(assumptions.podNetworks())
            .open();
    Inventory inventory = Inventory.of(manifests, assumptions.podNetworks());
    Directory directory = Directory.of(inventory, manifests.report(), origin.where);
    return new Cluster(
        network, inventory, new PolicyQuestions(network, directory), origin, tolerant);
  }

  /** How many parts of it could not be read. */
  int errors() {
    return network.loadReport().of(Severity.ERROR).size();
  }

  /** What its owner should know of: all but notes. */
  List<Finding> problems() {
    return problemsOf(network.loadReport());
  }

  static List<Finding> problemsOf(LoadReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .toList();
  }

  /** Whether part of it could not be read, and nobody has said that this will do. */
  boolean isBroken() {
    return errors() > 0 && !tolerant;
  }

  /** What a command ends with: what is read in part prove nothing. */
  int exitCode(boolean holds, Consumer<String> told) {
    if (isBroken()) {
      told.accept(
          "identity-audit: %s %s %d error(s), so that no answer counts; mend them, or"
                  .formatted(origin.where, origin.has, errors())
              + " say --tolerate-errors");
      return ExitCode.UNUSABLE;
    }
    return holds ? ExitCode.HOLDS : ExitCode.DOES_NOT_HOLD;
  }

  Answer ask(Party from, Party to, PortNumber port) {
    return questions.ask(from, to, port, Side.BOTH);
  }

  @Override
  public void close() {
    network.close();
  }
}
