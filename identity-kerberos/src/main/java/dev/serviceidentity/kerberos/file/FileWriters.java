// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who besides this process and root can write a file. */
final class FileWriters {
  private static final System.Logger LOG = System.getLogger(FileWriters.class.getName());
  private static final Path STATUS = Path.of("/proc/self/status");

  /** The real user and then the effective one, who opens files. */
  private static final Pattern USER = Pattern.compile("Uid:\\s+\\d+\\s+(\\d+)\\s.*");

  private static final int ROOT = 0;

  private FileWriters() {}

  /**
   * Whether somebody else can write it.
   *
   * @return why, as a predicate of the file that ends with who; empty if nobody can, or the system
   *     does not tell
   */
  static Optional<String> stranger(Path real) throws IOException {
    try {
      if (Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_WRITE)) {
        return Optional.of("can be written by every user of this machine");
      }
      int owner = (int) Files.getAttribute(real, "unix:uid");
      return owner == ROOT ? Optional.empty() : other(owner);
    } catch (UnsupportedOperationException | IllegalArgumentException notPosix) {
      LOG.log(Level.DEBUG, "Nothing tells who may write " + real, notPosix);
      return Optional.empty();
    }
  }

  private static Optional<String> other(int owner) throws IOException {
    if (!Files.exists(STATUS)) {
      return Optional.empty(); // No Linux.
    }
    int self =
        Files.readAllLines(STATUS).stream()
            .map(USER::matcher)
            .filter(Matcher::matches)
            .map(line -> Integer.parseUnsignedInt(line.group(1)))
            .findFirst()
            .orElseThrow(() -> new IOException(STATUS + " tells no user"));
    return owner == self
        ? Optional.empty()
        : Optional.of("belongs to the user " + Integer.toUnsignedString(owner));
  }
}
