// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.file;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file with secrets that another program writes. Reading blocks for as long as the file system
 * does. Thread-safe.
 */
public final class SecretFile {
  /** What is in it. */
  public enum Kind {
    /** Keys. */
    KEYTAB(
        1,
        "Check the path and that the volume is mounted",
        "Name the file in it with keytab(...)",
        "Write it anew (kadmin: ktadd -k)",
        "whoever reads it is this service"),
    /** Tickets and their session keys. */
    CREDENTIAL_CACHE(
        16,
        "Log in with kinit -c FILE: and this path, as the user of this process, or check the path",
        "Name the file in it; a cache of the type DIR holds several",
        "Log in again (kinit -c)",
        "whoever reads it can act in this name until the tickets end");

    private final int mebibytes;
    private final String ifMissing;
    private final String ifDirectory;
    private final String ifEmpty;
    private final String danger;

    Kind(int mebibytes, String ifMissing, String ifDirectory, String ifEmpty, String danger) {
      this.mebibytes = mebibytes;
      this.ifMissing = ifMissing;
      this.ifDirectory = ifDirectory;
      this.ifEmpty = ifEmpty;
      this.danger = danger;
    }
  }

  private static final System.Logger LOG = System.getLogger(SecretFile.class.getName());

  private final Path file;
  private final Kind kind;
  private final String title;

  /**
   * A file that need not be there yet.
   *
   * @param file where it is
   * @param kind what is in it
   * @param title how messages call it, for example {@code keytab /etc/k of HTTP/a@R}
   */
  public SecretFile(Path file, Kind kind, String title) {
    this.file = file;
    this.kind = kind;
    this.title = title;
  }

  /**
   * Where it is.
   *
   * @return as it was given
   */
  public Path path() {
    return file;
  }

  /**
   * Looks at the file without reading it.
   *
   * @return equal to an earlier one if the file has not changed
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public FileMark mark() {
    try {
      return FileMark.of(file);
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  /**
   * Reads the file.
   *
   * @return at least one byte, and no more than a file of this kind has
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public byte[] bytes() {
    byte[] bytes;
    int largest = kind.mebibytes << 20;
    try {
      Path real = file.toRealPath(); // A link may point elsewhere by the time it is opened.
      requireReadable(real);
      try (InputStream in = Files.newInputStream(real)) {
        bytes = in.readNBytes(largest + 1);
      }
    } catch (IOException failed) {
      throw unreadable(failed);
    }
    if (bytes.length == 0) {
      throw wrong("is empty", kind.ifEmpty, null);
    }
    if (bytes.length > largest) {
      throw wrong(
          "is larger than " + kind.mebibytes + " MiB", "Check that the path is right", null);
    }
    return bytes;
  }

  /** To open a pipe could block for ever, and a device could be read for ever. */
  private void requireReadable(Path real) throws IOException {
    var attributes = Files.readAttributes(real, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw wrong("is a directory", kind.ifDirectory, null);
    }
    if (!attributes.isRegularFile()) {
      throw wrong("is a pipe, device or socket, and not a file", kind.ifMissing, null);
    }
    if (kind == Kind.CREDENTIAL_CACHE) {
      Optional<String> writer = FileWriters.stranger(real);
      if (writer.isPresent()) {
        throw wrong(
            writer.get() + ", who could put in tickets with keys of their own choice",
            "Find out who made it, and log in into a file of this process's user (kinit -c)",
            null);
      }
    }
  }

  /** Warns if others on this machine can read it, or write it. */
  public void warnIfExposed() {
    exposure().ifPresent(warning -> LOG.log(Level.WARNING, "{0}", warning));
  }

  /**
   * Whether others on this machine can read it, or write it.
   *
   * @return what is wrong with that, and what to do; empty if not, or the file system does not tell
   */
  public Optional<String> exposure() {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        return Optional.of(
            "The "
                + title
                + " can be read by every user of this machine, and "
                + kind.danger
                + ". Take the right away (chmod 0400, or defaultMode: 0400 of a Kubernetes"
                + " volume).");
      }
      return FileWriters.stranger(file.toRealPath())
          .map(
              writer ->
                  "The "
                      + title
                      + " "
                      + writer
                      + ", who could put in others. Let it be owned by root or by the user of this"
                      + " process, and take the right to write away from others.");
    } catch (UnsupportedOperationException | IOException notPosix) {
      LOG.log(Level.DEBUG, "The rights of the " + title + " cannot be read", notPosix);
      return Optional.empty();
    }
  }

  /**
   * What is the matter with a file that cannot be read.
   *
   * @param failed what the file system said
   * @return with code {@code CONFIGURATION}
   */
  public IdentityException unreadable(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong("does not exist", kind.ifMissing, failed);
    }
    if (failed instanceof AccessDeniedException) {
      return wrong(
          "must not be read by this process",
          "Give its user the right to read the file and to enter the directories above it",
          failed);
    }
    if (Files.isDirectory(file)) {
      return wrong("is a directory", kind.ifDirectory, failed);
    }
    return wrong(
        "cannot be read (" + ForeignText.quote(String.valueOf(failed.getMessage())) + ")",
        "See the cause, and mount the volume again",
        failed);
  }

  /**
   * What is the matter with the file.
   *
   * @param what for example {@code is empty}
   * @param cure a sentence without its full stop
   * @param cause what told, or null
   * @return with code {@code CONFIGURATION}
   */
  public IdentityException wrong(String what, String cure, @Nullable Throwable cause) {
    return new IdentityException(
        Code.CONFIGURATION, "The " + title + " " + what + ". " + cure + ".", cause);
  }

  /** Returns how messages call it. */
  @Override
  public String toString() {
    return title;
  }
}
