// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The files behind the paths that a user names: files as they are, directories one level deep. */
final class ManifestFiles {
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private final List<Path> files = new ArrayList<>();
  private final Findings findings;

  ManifestFiles(Findings findings) {
    this.findings = findings;
  }

  /** Lists the files, those of a directory by name. */
  List<Path> expand(List<Path> paths) {
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        addDirectory(path);
      } else if (Files.isRegularFile(path)) {
        files.add(path);
      } else {
        throw unusable(path);
      }
    }
    return List.copyOf(files);
  }

  private void addDirectory(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      entries.sorted().forEach(this::addEntry);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private void addEntry(Path entry) {
    String name = String.valueOf(entry.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isDirectory(entry)) {
      if (!name.startsWith(".")) {
        findings.of(
            Severity.WARNING,
            entry.toString(),
            1,
            "this directory is not read; name it if it belongs here");
      }
    } else if (ENDINGS.stream().anyMatch(name::endsWith)) {
      expand(List.of(entry));
    }
  }

  /** A path below a directory that this process may not search neither exists nor does not. */
  private static IdentityException unusable(Path path) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        Files.exists(path) || Files.notExists(path)
            ? "There is no file or directory '" + path + "' to read Kubernetes manifests from"
            : "Whether '"
                + path
                + "' exists cannot be told; let the user that runs this process search the"
                + " directories above it (chmod +x)");
  }

  static IdentityException unreadable(Path path, IOException cause) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The Kubernetes manifests in '" + path + "' cannot be read: " + reason(cause),
        cause);
  }

  /** What the JDK says of these is no more than the path. */
  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied; let the user that runs this process read it (chmod, chown, or in"
          + " a pod defaultMode and fsGroup of the volume)";
    }
    return cause instanceof NoSuchFileException
        ? "it is gone since the directory was listed; open again once it is complete"
        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
