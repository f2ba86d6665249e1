// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keytab of one service as a file. Reading blocks for as long as the file system does. */
final class KeytabFile {
  /**
   * What changes when the file does, be it rewritten, renamed over, or a link that points
   * elsewhere.
   *
   * @param identity the device and inode, where the file system has them
   * @param modified the time of the last change
   * @param size in bytes
   */
  record Mark(@Nullable Object identity, FileTime modified, long size) {}

  private static final int LARGEST = 1 << 20;
  private static final int MOST_NAMED = 10;

  private final Path file;
  private final PrincipalName principal;
  private final Set<PrincipalName> accepted;

  /** A file whose keys are all used. */
  KeytabFile(Path file, PrincipalName principal) {
    this(file, principal, Set.of());
  }

  /**
   * A file of which some keys are used.
   *
   * @param principal who the file belongs to; it must have a key of it
   * @param accepted whose keys are used, each of which must be there; none for all
   */
  KeytabFile(Path file, PrincipalName principal, Set<PrincipalName> accepted) {
    this.file = file;
    this.principal = principal;
    this.accepted = Set.copyOf(accepted);
  }

  Path path() {
    return file;
  }

  PrincipalName principal() {
    return principal;
  }

  /** Looks at the file without reading it. */
  Mark mark() {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Mark(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  /**
   * Reads the keys that are used.
   *
   * @return at least one of each principal that must be there, of strong and other types
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  List<KeytabEntry> entries() {
    List<KeytabEntry> all = readAll();
    requireStrong(all, principal);
    accepted.forEach(name -> requireStrong(all, name));
    return all.stream()
        .filter(entry -> accepted.isEmpty() || accepted.contains(entry.principal()))
        .toList();
  }

  /** Those of strong types, the highest version first. */
  static List<KeytabEntry> strong(List<KeytabEntry> entries) {
    return entries.stream()
        .filter(entry -> KeyType.of(entry.etype()).isPresent())
        .sorted(Comparator.comparingLong(KeytabEntry::kvno).reversed())
        .toList();
  }

  private void requireStrong(List<KeytabEntry> all, PrincipalName name) {
    List<KeytabEntry> own = all.stream().filter(e -> e.principal().equals(name)).toList();
    if (own.isEmpty()) {
      throw wrong(
          "has no key for " + name + "; it has " + principalsOf(all),
          "Open the identity as one of those, or write a keytab for this principal");
    }
    if (strong(own).isEmpty()) {
      throw wrong(
          "has keys for "
              + name
              + " of "
              + own.stream()
                  .map(entry -> KeyType.describe(entry.etype()))
                  .distinct()
                  .collect(Collectors.joining(", "))
              + " only, and those types are retired (RFC 8429) or unknown",
          "Give the principal AES keys in the KDC (kadmin: cpw -randkey -e"
              + " aes256-cts-hmac-sha1-96:normal) and write a new keytab");
    }
  }

  private List<KeytabEntry> readAll() {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException failed) {
      throw unreadable(failed);
    }
    if (bytes.length == 0) {
      throw wrong("is empty", "Write it anew (kadmin: ktadd -k)");
    }
    if (bytes.length > LARGEST) {
      throw wrong("is larger than 1 MiB", "Check that the path names a keytab");
    }
    try {
      List<KeytabEntry> entries = KeytabReader.read(bytes);
      if (entries.isEmpty()) {
        throw wrong("has no entries", "Write the principal's keys into it (kadmin: ktadd -k)");
      }
      return entries;
    } catch (MalformedKeytabException malformed) {
      throw wrong(
          "cannot be used: " + malformed.getMessage(),
          "Write it anew, and beside the old one with a rename if it changes while in use",
          malformed);
    }
  }

  private static String principalsOf(List<KeytabEntry> entries) {
    List<String> names =
        entries.stream()
            .map(entry -> ForeignText.quote(entry.principal().toString()))
            .distinct()
            .toList();
    String shown = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMED
        ? shown + " and " + (names.size() - MOST_NAMED) + " more"
        : shown;
  }

  IdentityException unreadable(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong("does not exist", "Check the path and that the volume is mounted", failed);
    }
    if (failed instanceof AccessDeniedException) {
      return wrong(
          "must not be read by this process",
          "Give its user the right to read the file and to enter the directories above it",
          failed);
    }
    if (Files.isDirectory(file)) {
      return wrong("is a directory", "Name the file in it with keytab(...)", failed);
    }
    return wrong(
        "cannot be read (" + ForeignText.quote(String.valueOf(failed.getMessage())) + ")",
        "See the cause, and mount the volume again",
        failed);
  }

  private IdentityException wrong(String what, String cure) {
    return wrong(what, cure, null);
  }

  private IdentityException wrong(String what, String cure, @Nullable Throwable cause) {
    return new IdentityException(
        Code.CONFIGURATION,
        "The keytab " + file + " of " + principal + " " + what + ". " + cure + ".",
        cause);
  }
}
