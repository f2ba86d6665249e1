// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What changes when a file does, be it rewritten, renamed over, or a link that points elsewhere.
 *
 * @param identity the device and inode, where the file system has them
 * @param modified the time of the last change
 * @param size in bytes
 */
public record FileMark(@Nullable Object identity, FileTime modified, long size) {
  static FileMark of(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileMark(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
  }
}
