// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
  private static final long LARGEST_FILE = 256L << 20;

  private final Findings findings = new Findings();
  private final ClusterDraft draft = new ClusterDraft(findings);
  private final ObjectReader objects;
  private final MessageDigest digest = sha256();
  private int found;

  private ManifestReader(Loopback loopback) {
    this.objects = new ObjectReader(draft, findings, loopback);
  }

  /**
   * Reads files and directories; of a directory its {@code .yaml}, {@code .yml} and {@code .json}
   * files in the order of their names, and not its directories.
   *
   * @param paths what to read
   * @param loopback what a loopback address in a pod's status is
   * @return what they say, and what is wrong with them
   * @throws IdentityException with code {@code CONFIGURATION} if a path does not exist or cannot be
   *     read, or no object is found at all
   */
  public static Manifests read(List<Path> paths, Loopback loopback) {
    var reader = new ManifestReader(loopback);
    new ManifestFiles(reader.findings).expand(paths).forEach(reader::readFile);
    if (reader.found == 0) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "No Kubernetes object could be read from " + paths + reader.firstFinding());
    }
    reader.objects.finish();
    ClusterFacts facts = reader.draft.facts();
    var claims = reader.draft.claims();
    String version = "sha256:" + HexFormat.of().formatHex(reader.digest.digest());
    return new Manifests(facts, claims, reader.draft.ignored(), reader.findings.report(), version);
  }

  private String firstFinding() {
    return findings.report().findings().stream()
        .findFirst()
        .map(finding -> "; " + finding)
        .orElse("; name files, or directories with .yaml, .yml or .json files");
  }

  private void readFile(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        lose(file, 1, "is larger than " + LARGEST_FILE + " bytes; split it");
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).array());
      digest.update(bytes);
      readText(file, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      lose(file, 1, "is not UTF-8 text; save it as such");
    } catch (IOException e) {
      throw ManifestFiles.unreadable(file, e);
    }
  }

  private void readText(Path file, String text) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (YamlDocument document : YamlDocument.split(withoutMark)) {
      YamlDocument.Composed composed = document.compose();
      if (!composed.problem().isEmpty()) {
        lose(file, composed.problemLine(), "cannot be read as YAML or JSON: " + composed.problem());
      }
      var finder = new ObjectFinder(document, file, findings, this::accept, this::lose);
      composed.nodes().forEach(finder::find);
    }
  }

  private void accept(ManifestObject object) {
    found++;
    objects.read(object);
  }

  private void lose(Path file, int line, String message) {
    findings.of(Severity.ERROR, file, line, message + "; flows are undecidable while it is here");
    lose("the document at " + file + ":" + line);
  }

  /** What is lost may have been anything: a policy, or a pod with an address. */
  private void lose(String what) {
    draft.addUnread(new UnreadPolicy(what + ", which cannot be read", null));
    draft.addUnreadObject(what + ", which cannot be read,");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
