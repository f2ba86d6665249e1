// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes files the way the kubelet updates a secret volume: into a directory of their own, to which
 * the link {@code ..data} is then moved in one step. The visible names are links through it.
 */
final class SecretVolume {
  private static final String VERSION_PREFIX = "..version-";

  private final Path directory;
  private final Path version;
  private final List<String> names = new ArrayList<>();

  private SecretVolume(Path directory, Path version) {
    this.directory = directory;
    this.version = version;
  }

  static SecretVolume of(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new SecretVolume(
        directory, Files.createDirectory(directory.resolve(VERSION_PREFIX + UUID.randomUUID())));
  }

  SecretVolume publicFile(String name, String content) throws IOException {
    return file(name, content, "rw-r--r--");
  }

  SecretVolume secretFile(String name, String content) throws IOException {
    return file(name, content, "rw-------");
  }

  /** Makes the files visible, and removes the version that they replace if it was made here. */
  void publish() throws IOException {
    Path link = directory.resolve("..data");
    @Nullable Path replaced = Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : null;
    Path next = directory.resolve("..data-" + version.getFileName());
    Files.createSymbolicLink(next, version.getFileName());
    Files.move(next, link, ATOMIC_MOVE, REPLACE_EXISTING);
    for (String name : names) {
      Path visible = directory.resolve(name);
      if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(visible, Path.of("..data", name));
      }
    }
    if (replaced != null && isVersion(replaced)) {
      delete(directory.resolve(replaced));
    }
  }

  private SecretVolume file(String name, String content, String permissions) throws IOException {
    FileAttribute<?>[] attributes =
        version.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
            }
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel =
        Files.newByteChannel(version.resolve(name), Set.of(CREATE_NEW, WRITE), attributes)) {
      channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
    }
    names.add(name);
    return this;
  }

  /** The link may be somebody else's and lead anywhere, to a directory that nobody may lose. */
  private boolean isVersion(Path target) {
    return target.getNameCount() == 1
        && target.toString().startsWith(VERSION_PREFIX)
        && Files.isDirectory(directory.resolve(target), LinkOption.NOFOLLOW_LINKS);
  }

  private static void delete(Path version) throws IOException {
    try (Stream<Path> files = Files.list(version)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(version);
  }
}
