// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.spi.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the objects in texts. What is found goes to {@code found}; a part that cannot be read and
 * may have been anything is reported, and told to {@code lost}.
 */
final class TextReader {
  private static final int LARGEST = 256 << 20;

  private final Findings findings;
  private final Consumer<ManifestObject> found;
  private final Consumer<String> lost;
  private final ManifestFiles files = new ManifestFiles();
  private final MessageDigest digest = Sha256.begun();

  TextReader(Findings findings, Consumer<ManifestObject> found, Consumer<String> lost) {
    this.findings = findings;
    this.found = found;
    this.lost = lost;
  }

  /**
   * Reads files, directories and streams.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if one cannot be read
   */
  void read(List<ManifestSource> sources) {
    for (ManifestSource source : sources) {
      if (source instanceof ManifestSource.OfStream stream) {
        read(stream.name(), stream.bytes());
      } else if (source instanceof ManifestSource.OfPath of) {
        files.expand(of.path()).forEach(this::readFile);
      }
    }
  }

  private void readFile(Path file) {
    if (Kustomization.isNamed(file)) {
      lose(file.toString(), 1, Kustomization.problemOf(file));
      return;
    }
    try (InputStream stream = Files.newInputStream(file)) {
      read(file.toString(), stream);
    } catch (IOException e) {
      throw ManifestFiles.unreadable(file.toString(), e);
    }
  }

  private void read(String origin, InputStream stream) {
    try {
      byte[] bytes = stream.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        lose(origin, 1, "is larger than " + LARGEST + " bytes; split it");
        return;
      }
      readBytes(origin, bytes);
    } catch (IOException e) {
      throw ManifestFiles.unreadable(origin, e);
    }
  }

  /** Reads a text of any number of documents. */
  void readText(String origin, String text) {
    readBytes(origin, text.getBytes(StandardCharsets.UTF_8));
  }

  private void readBytes(String origin, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).array());
    digest.update(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      readDocuments(origin, text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      lose(origin, 1, "is not UTF-8 text; save it as such");
    }
  }

  private void readDocuments(String origin, String text) {
    for (YamlDocument document : YamlDocument.split(text)) {
      YamlDocument.Composed composed = document.compose();
      if (!composed.problem().isEmpty()) {
        lose(
            origin,
            composed.problemLine(),
            HelmTemplate.is(document.text())
                ? HelmTemplate.PROBLEM
                : "cannot be read as YAML or JSON: " + composed.problem());
      }
      var finder = new ObjectFinder(document, origin, findings, found, lost);
      composed.nodes().forEach(finder::find);
    }
  }

  private void lose(String origin, int line, String message) {
    findings.of(Severity.ERROR, origin, line, message + "; flows are undecidable while it is here");
    lost.accept("the document at " + origin + ":" + line);
  }

  /** Names the content of all that was read. */
  String digest() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  /** Names a text. */
  static String digestOf(String text) {
    return "sha256:" + Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }
}
