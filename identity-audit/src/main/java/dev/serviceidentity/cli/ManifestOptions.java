// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.UntypedPolicies;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Which cluster a command asks, and what is assumed where the API leaves it open. */
final class ManifestOptions {
  @Option(
      names = {"-m", "--manifests"},
      required = true,
      paramLabel = "PATH",
      description = {
        "A file of Kubernetes objects (YAML or JSON), or a directory whose .yaml, .yml and .json"
            + " files are read. May be given several times."
      })
  private List<Path> manifests = List.of();

  @Option(
      names = "--pods-in-blocks",
      paramLabel = "ANSWER",
      description =
          "Whether an ipBlock matches pods, in which network plugins differ: ${COMPLETION-CANDIDATES};"
              + " ${DEFAULT-VALUE} unless said.")
  private PodsInBlocks podsInBlocks = PodsInBlocks.MATCH;

  @Option(
      names = "--partial",
      description =
          "The manifests do not show every pod and node: whose an address is that none of them has"
              + " is not known. Otherwise it is outside the cluster.")
  private boolean partial;

  /** Reads the manifests and tells once what is wrong with them. */
  Cluster open(Consumer<String> problems) {
    // Nobody connects here: an address in a manifest is a statement about a cluster elsewhere.
    Manifests read = ManifestReader.read(manifests, Loopback.TRUSTED, UntypedPolicies.BY_SHAPE);
    read.report().findings().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .map(LoadReport.Finding::toString)
        .forEach(problems);
    if (partial) {
      return open(read.lacking("a pod or node that the manifests do not show"));
    }
    return read.report().of(Severity.ERROR).isEmpty()
        ? Cluster.of(read, new Assumptions(podsInBlocks, Unowned.OUTSIDE))
        : open(read.lacking("what could not be read in the manifests"));
  }

  /** An address that nobody has may be of what the manifests lack. */
  private Cluster open(Manifests incomplete) {
    return Cluster.of(incomplete, new Assumptions(podsInBlocks, Unowned.UNDECIDABLE));
  }
}
