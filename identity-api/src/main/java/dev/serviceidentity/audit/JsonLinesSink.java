// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Events as JSON lines in a file. Each event is one write of one whole line. A line that a crash or
 * a full disk left incomplete is ended before the next one, so that it spoils no other.
 */
final class JsonLinesSink implements AuditSink {
  private final Path file;
  private final FileChannel channel;
  private boolean torn;

  private JsonLinesSink(Path file, FileChannel channel, boolean torn) {
    this.file = file;
    this.channel = channel;
    this.torn = torn;
  }

  static JsonLinesSink open(Path file) {
    try {
      boolean torn = Files.isRegularFile(file) && !endsWithLine(file);
      return new JsonLinesSink(
          file,
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly(file)),
          torn);
    } catch (IOException unusable) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          file + ": the audit file cannot be opened for appending; check folder and permissions",
          unusable);
    }
  }

  @Override
  public void accept(AccessEvent event) {
    String line = (torn ? "\n" : "") + AccessEventJson.line(event) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      torn = false;
    } catch (IOException failed) {
      torn |= bytes.position() > 0;
      throw new UncheckedIOException(file + ": the audit event could not be written", failed);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(file + ": the audit file could not be closed", failed);
    }
  }

  private static boolean endsWithLine(Path file) throws IOException {
    try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
      var last = ByteBuffer.allocate(1);
      return content.size() == 0
          || content.read(last, content.size() - 1) < 1
          || last.get(0) == '\n';
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
