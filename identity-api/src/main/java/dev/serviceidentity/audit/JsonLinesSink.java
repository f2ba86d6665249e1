// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Events as JSON lines in a file. Each event is one write of one whole line, so that a crash leaves
 * at most the last line incomplete.
 */
final class JsonLinesSink implements AuditSink {
  private final Path file;
  private final FileChannel channel;

  private JsonLinesSink(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static JsonLinesSink open(Path file) {
    try {
      return new JsonLinesSink(
          file,
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly()));
    } catch (IOException unusable) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          file + ": the audit file cannot be opened for appending; check folder and permissions",
          unusable);
    }
  }

  @Override
  public void accept(AccessEvent event) {
    ByteBuffer line =
        ByteBuffer.wrap((AccessEventJson.line(event) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException failed) {
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

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
