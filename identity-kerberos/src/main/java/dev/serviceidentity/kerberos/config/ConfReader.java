// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a krb5.conf and the files that it includes, which share their sections. Bounded. */
final class ConfReader {
  private static final int LARGEST = 1 << 20;
  private static final int MOST_FILES = 256;
  private static final int DEEPEST_INCLUDE = 10;

  /** MIT's rule, which leaves out what editors and package managers leave behind. */
  private static final String INCLUDED = "[A-Za-z0-9_-]+|[^.].*\\.conf";

  private final ConfSection root;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Deque<Path> open = new ArrayDeque<>();
  private int files;

  ConfReader(Path first) {
    this.root = new ConfSection("", new ConfPlace(first, 1));
  }

  /** What holds the sections. */
  ConfSection root() {
    return root;
  }

  /** What is unknown, or not read. */
  List<String> warnings() {
    return warnings;
  }

  void warn(ConfPlace place, String what) {
    warnings.add(place + ": " + what);
  }

  /** Settings that other libraries follow and this one does not. */
  List<String> notes() {
    return notes;
  }

  void note(ConfPlace place, String what) {
    notes.add(place + ": " + what);
  }

  /**
   * Reads a file into the sections.
   *
   * @param at who includes it; null for the first file
   */
  void read(Path file, @Nullable ConfPlace at) {
    if (open.contains(file)) {
      throw unreadable(file, at, "includes itself", "Take the include away");
    }
    if (open.size() > DEEPEST_INCLUDE || ++files > MOST_FILES) {
      throw unreadable(
          file,
          at,
          "is one include too many",
          "At most "
              + MOST_FILES
              + " files are read, and "
              + DEEPEST_INCLUDE
              + " within each other");
    }
    open.push(file);
    new ConfText(this, file).read(text(file, at));
    open.pop();
  }

  void include(String name, ConfPlace at) {
    read(absolute(name, at), at);
  }

  void includeDirectory(String name, ConfPlace at) {
    Path directory = absolute(name, at);
    List<Path> found;
    try (Stream<Path> entries = Files.list(directory)) {
      found =
          entries
              .filter(entry -> entry.getFileName().toString().matches(INCLUDED))
              .filter(Files::isRegularFile)
              .sorted()
              .limit(MOST_FILES + 1L)
              .toList();
    } catch (IOException failed) {
      throw unreadable(directory, at, failed);
    }
    for (Path file : found) {
      read(file, at);
    }
  }

  private static Path absolute(String name, ConfPlace at) {
    try {
      Path path = Path.of(name);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException notOne) {
      throw at.wrong(ForeignText.quote(name) + " is not a path", "Write an absolute one.");
    }
    throw at.wrong(
        ForeignText.quote(name) + " is not an absolute path",
        "Write it from the root: whose directory it would be relative to depends on the program.");
  }

  private static String text(Path file, @Nullable ConfPlace at) {
    // A device or a pipe could be read for ever.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw unreadable(file, at, "is not a file", "Name a file; includedir takes a directory");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException failed) {
      throw unreadable(file, at, failed);
    }
    if (bytes.length > LARGEST) {
      throw unreadable(file, at, "is larger than 1 MiB", "Check that it is a krb5.conf");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static IdentityException unreadable(
      Path path, @Nullable ConfPlace at, IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return unreadable(path, at, "does not exist", "Check the path and that it is mounted");
    }
    if (failed instanceof AccessDeniedException) {
      return unreadable(
          path, at, "must not be read by this process", "Give its user the right to read it");
    }
    return unreadable(
        path,
        at,
        "cannot be read (" + ForeignText.quote(String.valueOf(failed.getMessage())) + ")",
        "Check the path");
  }

  private static IdentityException unreadable(
      Path path, @Nullable ConfPlace at, String what, String cure) {
    String included = at == null ? "" : ", which " + at + " includes,";
    return new IdentityException(
        Code.CONFIGURATION, "The krb5.conf " + path + included + " " + what + ". " + cure + ".");
  }
}
