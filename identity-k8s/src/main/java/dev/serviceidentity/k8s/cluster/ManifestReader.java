// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Reads Kubernetes manifests: YAML and JSON files with any number of documents, directories of
 * them, and {@code List} objects. A workload stands as one pod made from its template.
 *
 * <p>Nothing is believed that the API server would not believe. What cannot be read is reported
 * with file and line and leaves the rest as it is; where it may have been a policy, decisions that
 * it could touch become undecidable.
 */
public final class ManifestReader {
  private final Findings findings = new Findings();
  private final ClusterDraft draft = new ClusterDraft(findings);
  private final ObjectReader objects;
  private int found;

  private ManifestReader(Loopback loopback, UntypedPolicies untyped) {
    this.objects = new ObjectReader(draft, findings, loopback, untyped);
  }

  /**
   * Reads files and directories; of a directory and those in it the {@code .yaml}, {@code .yml} and
   * {@code .json} files, in the order of their names. Links are followed; a directory in another
   * whose name begins with a dot is passed over.
   *
   * @param paths what to read
   * @param loopback what a loopback address in a pod's status is
   * @return what they say, and what is wrong with them
   * @throws IdentityException with code {@code CONFIGURATION} if a path does not exist or cannot be
   *     read, or no object is found at all
   */
  public static Manifests read(List<Path> paths, Loopback loopback) {
    return read(ManifestSource.of(paths), loopback, UntypedPolicies.UNREAD);
  }

  /**
   * Reads files and directories as {@link #read(List, Loopback)} does, and streams.
   *
   * @param sources what to read
   * @param loopback what a loopback address in a pod's status is
   * @param untyped what a policy is that does not say so
   * @return what they say, and what is wrong with them
   * @throws IdentityException with code {@code CONFIGURATION} if a path does not exist or cannot be
   *     read, or no object is found at all
   */
  public static Manifests read(
      List<ManifestSource> sources, Loopback loopback, UntypedPolicies untyped) {
    var reader = new ManifestReader(loopback, untyped);
    var texts = new TextReader(reader.findings, reader::accept, reader::lose);
    texts.read(sources);
    if (reader.found == 0) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "No Kubernetes object could be read from " + sources + reader.firstFinding());
    }
    return reader.finish(texts.digest());
  }

  /** Reads objects that have been found before. */
  static Manifests read(Collection<ManifestObject> found, Loopback loopback, String digest) {
    var reader = new ManifestReader(loopback, UntypedPolicies.UNREAD);
    found.forEach(reader::accept);
    return reader.finish(digest);
  }

  private Manifests finish(String version) {
    objects.finish();
    PodRoster.Settled pods = draft.pods();
    ClusterFacts facts = draft.facts(pods.pods());
    var claims = draft.claims();
    return new Manifests(
        facts,
        pods.workloads(),
        objects.services(),
        claims,
        draft.ignored(),
        findings.report(),
        version);
  }

  private String firstFinding() {
    return findings.report().findings().stream()
        .findFirst()
        .map(finding -> "; " + finding)
        .orElse("; name files, or directories with .yaml, .yml or .json files");
  }

  private void accept(ManifestObject object) {
    found++;
    objects.read(object);
  }

  /** What is lost may have been anything: a policy, or a pod with an address. */
  private void lose(String what) {
    draft.addUnread(new UnreadPolicy(what + ", which cannot be read", null));
    draft.addUnreadObject(what + ", which cannot be read,");
  }
}
