// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What is said of a directory, by the failures that a file system reports: root gets in anywhere.
 */
class MountedFilesTest {
  private static final Path DIRECTORY = Path.of("/run/tls");

  @Test
  void aDirectoryThatMustNotBeOpened() {
    assertSays(
        new AccessDeniedException(DIRECTORY.toString()),
        "/run/tls must not be opened by this process; give its user the right to enter");
  }

  @Test
  void aDirectoryThatIsMissing() {
    assertSays(
        new NoSuchFileException(DIRECTORY.toString()), "/run/tls does not exist; mount the secret");
  }

  @Test
  void aDirectoryThatCannotBeOpenedForAnotherReason() {
    assertSays(
        new FileSystemException(DIRECTORY.toString(), null, "Stale file handle"),
        "/run/tls cannot be opened ('/run/tls: Stale file handle'); mount the secret");
  }

  private static void assertSays(IOException failed, String message) {
    IdentityException told = MountedFiles.unreadable(DIRECTORY, failed);

    assertThat(told.code()).isEqualTo(IdentityException.Code.CONFIGURATION);
    assertThat(told).hasMessageContaining(message).hasCause(failed);
  }
}
