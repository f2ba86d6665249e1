// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.kerby.kerberos.kerb.KrbException;

/**
 * A file with secrets, which nobody else can open, and which is replaced in one step: whoever reads
 * it meanwhile, as an identity does that follows it, has all of the old one or all of the new one.
 */
record OwnersFile(Path path) {
  /** Writes into a file that is there, and replaces nothing yet. */
  interface Content {
    void writeTo(Path next) throws KrbException, IOException;
  }

  /** Writes it anew, without what was in it. */
  void replace(Content content) throws KrbException, IOException {
    // A link stays one, to a file that is replaced.
    Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    // Before a secret is written, so that nobody else can open the file in between.
    var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path next = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".next", owners);
    try {
      content.writeTo(next);
      Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Adds to what is in it, or to what it begins with if it is not there. */
  void add(byte[] beginning, Content content) throws KrbException, IOException {
    byte[] before = Files.exists(path) ? Files.readAllBytes(path) : beginning;
    replace(
        next -> {
          Files.write(next, before);
          content.writeTo(next);
        });
  }
}
