// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of at most 1 MiB. What it throws names the file as its user knows it, and what to do.
 *
 * @param configured the file as its user knows it
 * @param file where it is
 */
public record BoundedFile(Path configured, Path file) {
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Reads all of it.
   *
   * @throws IdentityException if it cannot be read, or is larger
   */
  public byte[] read() {
    try {
      // Asked first, because to open a pipe would wait for its writer.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw wrong("is a directory or a device", "put the file itself there");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw wrong("is larger than 1 MiB", "check that it is the file that belongs there");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** What to do about a file that is not there or cannot be read. */
  public IdentityException unreadable(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong("is missing", "put the file there, or correct its path", failed);
    }
    if (failed instanceof AccessDeniedException) {
      return wrong(
          "must not be read by this process",
          "give its user the right to read the file and to enter the directories above it",
          failed);
    }
    return wrong(
        "cannot be read (" + ForeignText.quote(String.valueOf(failed.getMessage())) + ")",
        "see the cause, and mount the volume again",
        failed);
  }

  /** Trouble with what is in it. */
  public IdentityException wrong(String what, String cure) {
    return wrong(what, cure, null);
  }

  /** Trouble with what is in it, and the exception that tells more. */
  public IdentityException wrong(String what, String cure, @Nullable Exception cause) {
    return new IdentityException(CONFIGURATION, configured + " " + what + "; " + cure, cause);
  }

  /** Returns the path as its user knows it. */
  @Override
  public String toString() {
    return configured.toString();
  }
}
