// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Something that manifests are read from. */
public sealed interface ManifestSource {
  /**
   * A file, a pipe, or a directory: of a directory and all that are in it, the {@code .yaml},
   * {@code .yml} and {@code .json} files.
   *
   * @param path where it is
   */
  record OfPath(Path path) implements ManifestSource {
    /**
     * Checks that nothing is missing.
     *
     * @param path where it is
     */
    public OfPath {
      Objects.requireNonNull(path, "path");
    }

    /** Returns the path. */
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * Bytes that are there once, such as standard input. They are read to their end, and the stream
   * is left open.
   *
   * @param name what findings call it
   * @param bytes one file's content
   */
  record OfStream(String name, InputStream bytes) implements ManifestSource {
    /**
     * Checks that nothing is missing.
     *
     * @param name what findings call it
     * @param bytes one file's content
     */
    public OfStream {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(bytes, "bytes");
    }

    /** Returns the name. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Files and directories.
   *
   * @param paths where they are
   * @return a source of each
   */
  static List<ManifestSource> of(List<Path> paths) {
    return paths.stream().<ManifestSource>map(OfPath::new).toList();
  }
}
