// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder for the keys, logs and manifests of one run: a temporary one that is deleted, or one
 * that the user keeps.
 *
 * @param folder the folder
 * @param isKept whether it stays
 */
record Workplace(Path folder, boolean isKept) implements AutoCloseable {
  static Workplace open(@Nullable Path keep) throws IOException {
    if (keep == null) {
      return new Workplace(Files.createTempDirectory("service-identity-shop"), false);
    }
    try {
      Files.createDirectories(keep);
    } catch (IOException impossible) {
      throw new IOException(keep + " cannot be made a folder; name one that is new", impossible);
    }
    try (Stream<Path> content = Files.list(keep)) {
      if (content.findAny().isPresent()) {
        throw new IOException(keep + " is not empty; name a folder that is empty or new");
      }
    }
    return new Workplace(keep.toAbsolutePath(), true);
  }

  @Override
  public void close() {
    if (isKept) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(Workplace::delete);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
