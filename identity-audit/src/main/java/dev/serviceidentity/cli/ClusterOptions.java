// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.ManifestSource;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.UntypedPolicies;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which cluster a command asks, and what is assumed where the API leaves it open. */
final class ClusterOptions {
  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** Either of the two. */
  static final class Source {
    @Option(
        names = {"-m", "--manifests"},
        required = true,
        paramLabel = "PATH",
        description = {
          "A file of Kubernetes objects (YAML or JSON), '-' for standard input, or a directory whose"
              + " .yaml, .yml and .json files are read, with all directories in it. May be given"
              + " several times."
        })
    private List<Path> manifests = List.of();

    @ArgGroup(exclusive = false)
    private @Nullable KubeconfigOptions kubeconfig;
  }

  @Option(
      names = "--pods-in-blocks",
      paramLabel = "ANSWER",
      description =
          "Whether an ipBlock matches pods, in which network plugins differ: ${COMPLETION-CANDIDATES};"
              + " ${DEFAULT-VALUE} unless said.")
  private PodsInBlocks podsInBlocks = PodsInBlocks.MATCH;

  @Option(
      names = "--pod-cidr",
      paramLabel = "CIDR",
      converter = CidrConverter.class,
      description =
          "A network that pods have their addresses from, for pods that the manifests show without"
              + " one. An ipBlock that holds all of these networks, or none, is decided for such"
              + " pods. May be given several times.")
  private List<Cidr> podNetworks = List.of();

  @Option(
      names = "--partial",
      description =
          "The manifests do not show every pod and node: whose an address is that none of them has"
              + " is not known. Otherwise it is outside the cluster.")
  private boolean partial;

  @Option(
      names = "--tolerate-errors",
      description =
          "Ends with 0 or 1 although part of the cluster could not be read. Otherwise that ends"
              + " with 2, whatever the answer is.")
  private boolean tolerant;

  /** Reads the cluster and tells once what is wrong with it. */
  Cluster open(Session session) {
    KubeconfigOptions live = source.kubeconfig;
    Cluster.Origin origin = live == null ? Cluster.Origin.MANIFESTS : Cluster.Origin.LIVE;
    Manifests read = live == null ? manifests(session) : LiveManifests.read(live, session);
    Cluster.problemsOf(read.report()).stream()
        .map(LoadReport.Finding::toString)
        .forEach(session.problems());
    if (read.workloads().isEmpty()) {
      throw Program.unusable(
          "no pod or workload in " + origin.where() + ", so that nothing can be asked");
    }
    if (partial) {
      return open(
          read.lacking("a pod or node that the manifests do not show"),
          Unowned.UNDECIDABLE,
          origin);
    }
    return read.report().of(Severity.ERROR).isEmpty()
        ? open(read, Unowned.OUTSIDE, origin)
        : open(
            read.lacking("what could not be read in " + origin.where()),
            Unowned.UNDECIDABLE,
            origin);
  }

  private Manifests manifests(Session session) {
    List<ManifestSource> sources =
        source.manifests.stream().map(path -> source(path, session)).toList();
    // Nobody connects here: an address in a manifest is a statement about a cluster elsewhere.
    return ManifestReader.read(sources, Loopback.TRUSTED, UntypedPolicies.BY_SHAPE);
  }

  /** An address that nobody has may be of what is not known. */
  private Cluster open(Manifests known, Unowned unowned, Cluster.Origin origin) {
    return Cluster.of(known, new Assumptions(podsInBlocks, unowned, podNetworks), origin, tolerant);
  }

  private static ManifestSource source(Path path, Session session) {
    return path.toString().equals(StandardInput.ARGUMENT)
        ? new ManifestSource.OfStream(StandardInput.NAME, session.in().take())
        : new ManifestSource.OfPath(path);
  }

  /** What was read, for people. */
  String origin(Session session) {
    return source.kubeconfig == null
        ? source.manifests.stream().map(Path::toString).collect(Collectors.joining(", "))
        : source.kubeconfig.choose(session).toString();
  }
}
