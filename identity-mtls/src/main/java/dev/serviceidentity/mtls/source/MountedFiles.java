// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.pem.BoundedFile;
import dev.serviceidentity.mtls.pem.PemFile;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Files that are read as one, also where Kubernetes mounts them: there {@code ..data} is a link to
 * the directory of one version, and an update replaces the link. It is resolved first, and all
 * files of a directory are read behind it, so that they are of one version.
 */
final class MountedFiles {
  private static final String VERSION_LINK = "..data";
  private static final int MOST_ATTEMPTS = 10;

  private final Set<Path> files;
  private final Set<Path> directories = new LinkedHashSet<>();

  MountedFiles(Collection<Path> files) {
    this.files = Collections.unmodifiableSet(new LinkedHashSet<>(files));
    // In the order given, so that the first trouble told is that of the own certificate.
    files.forEach(file -> directories.add(directory(file)));
  }

  Set<Path> files() {
    return files;
  }

  /** Returns the first file, which is the one that others only help to open. */
  @Override
  public String toString() {
    return files.iterator().next().toString();
  }

  /** Where the files of one moment are. */
  static final class Version {
    private final Map<Path, Path> directories;

    private Version(Map<Path, Path> directories) {
      this.directories = directories;
    }

    PemFile pem(Path file) {
      return new PemFile(file, located(file));
    }

    BoundedFile file(Path file) {
      return new BoundedFile(file, located(file));
    }

    private Path located(Path file) {
      Path version = directories.get(directory(file));
      return version == null ? file : version.resolve(file.getFileName());
    }
  }

  /**
   * Reads files of one version.
   *
   * @throws IdentityException as the reading does, or about a directory that is none
   */
  <T> T read(Function<Version, T> reading) {
    directories.forEach(MountedFiles::requireDirectory);
    Map<Path, Path> version = version();
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.apply(new Version(version));
      } catch (IdentityException e) {
        // An update removes the version that it replaces, perhaps while it is being read.
        Map<Path, Path> next = version();
        if (next.equals(version) || attempt == MOST_ATTEMPTS) {
          throw e;
        }
        version = next;
      }
    }
  }

  /** What to do about a directory that is not there or cannot be opened. */
  private static IdentityException unreadable(Path directory, IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong(directory, "does not exist; mount the secret there", failed);
    }
    if (failed instanceof AccessDeniedException) {
      return wrong(
          directory,
          "must not be opened by this process; give its user the right to enter the directories"
              + " above it",
          failed);
    }
    return wrong(
        directory,
        "cannot be opened ("
            + ForeignText.quote(String.valueOf(failed.getMessage()))
            + "); mount the secret there",
        failed);
  }

  private static void requireDirectory(Path directory) {
    try {
      if (Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
        return;
      }
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
    throw wrong(directory, "is no directory; name the directory that holds the files", null);
  }

  private Map<Path, Path> version() {
    var version = new HashMap<Path, Path>();
    directories.forEach(directory -> version.put(directory, version(directory)));
    return version;
  }

  /** Where the link points, without looking whether that is still there: it may be going away. */
  private static Path version(Path directory) {
    try {
      return directory.resolve(Files.readSymbolicLink(directory.resolve(VERSION_LINK)));
    } catch (IOException | UnsupportedOperationException noLink) {
      return directory;
    }
  }

  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is no file");
    }
    return parent;
  }

  private static IdentityException wrong(
      Path directory, String whatAndCure, @Nullable Exception cause) {
    return new IdentityException(CONFIGURATION, directory + " " + whatAndCure, cause);
  }
}
