// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files behind a path that a user names: a file or pipe as it is, a directory with all that are
 * in it. Links are followed, because what they lead to may be a policy. Each directory is listed
 * once, whatever leads to it.
 */
final class ManifestFiles {
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
  private static final int DEEPEST = 50;
  private static final int MOST = 100_000;

  private final int most;
  private final List<Path> files = new ArrayList<>();
  private final Set<Path> listed = new HashSet<>();

  ManifestFiles() {
    this(MOST);
  }

  ManifestFiles(int most) {
    this.most = most;
  }

  /** Lists the files, those of a directory by name; of one that was listed before, none. */
  List<Path> expand(Path path) {
    files.clear();
    if (Files.isDirectory(path)) {
      addDirectory(path, 1);
    } else if (Files.exists(path)) {
      files.add(path);
    } else {
      throw unusable(path);
    }
    return List.copyOf(files);
  }

  private void addDirectory(Path directory, int depth) {
    if (depth > DEEPEST || listed.size() == most) {
      throw tooMany(directory, "directories, or they are more than " + DEEPEST + " deep");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (listed.add(directory.toRealPath())) {
        entries.sorted().forEach(entry -> addEntry(entry, depth));
      }
    } catch (IOException e) {
      throw unreadable(directory.toString(), e);
    }
  }

  private void addEntry(Path entry, int depth) {
    String name = String.valueOf(entry.getFileName());
    if (Files.isDirectory(entry)) {
      if (!name.startsWith(".")) {
        addDirectory(entry, depth + 1);
      }
    } else if (Kustomization.isNamed(entry)
        || ENDINGS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
      addFile(entry);
    }
  }

  private void addFile(Path entry) {
    if (!Files.isRegularFile(entry)) {
      throw unusable(entry);
    }
    if (files.size() == most) {
      throw tooMany(entry, "files");
    }
    files.add(entry);
  }

  private IdentityException tooMany(Path entry, String what) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The Kubernetes manifests at '%s' cannot be read: there are more than %d %s; name fewer"
            .formatted(entry, most, what));
  }

  /** A path below a directory that this process may not search neither exists nor does not. */
  private static IdentityException unusable(Path path) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        Files.exists(path) || Files.notExists(path)
            ? "There is no file or directory '"
                + path
                + "' to read Kubernetes manifests from; check the path and that it is mounted"
            : "Whether '"
                + path
                + "' exists cannot be told; let the user that runs this process search the"
                + " directories above it (chmod +x)");
  }

  static IdentityException unreadable(String origin, IOException cause) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The Kubernetes manifests in '" + origin + "' cannot be read: " + reason(cause),
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
