// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Directory;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.k8s.question.PolicyQuestions;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Side;

/** The cluster that the manifests show. Both ends' policies are asked, as the network does. */
record Cluster(KubernetesNetwork network, Inventory inventory, PolicyQuestions questions)
    implements AutoCloseable {

  static Cluster of(Manifests manifests, Assumptions assumptions) {
    KubernetesNetwork network =
        KubernetesNetwork.fromManifests(manifests)
            .podsInBlocks(assumptions.podsInBlocks())
            .unownedAddresses(assumptions.unowned())
            .podNetworks(assumptions.podNetworks())
            .open();
    Inventory inventory = Inventory.of(manifests, assumptions.podNetworks());
    Directory directory = Directory.of(inventory, manifests.report());
    return new Cluster(network, inventory, new PolicyQuestions(network, directory));
  }

  /** How many parts of the manifests could not be read. */
  int errors() {
    return network.loadReport().of(Severity.ERROR).size();
  }

  Answer ask(Party from, Party to, PortNumber port) {
    return questions.ask(from, to, port, Side.BOTH);
  }

  @Override
  public void close() {
    network.close();
  }
}
