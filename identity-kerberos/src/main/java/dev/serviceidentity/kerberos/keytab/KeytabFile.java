// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.file.FileMark;
import dev.serviceidentity.kerberos.file.SecretFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.ForeignText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keytab of one service as a file. Reading blocks for as long as the file system does. */
public final class KeytabFile {
  private static final int MOST_NAMED = 10;

  /** The usual period of rotation. */
  public static final Duration USUAL_KEY_AGE = Duration.ofDays(90);

  private final SecretFile file;
  private final PrincipalName principal;
  private final Set<PrincipalName> accepted;
  private final Duration keyAge;

  /**
   * A file whose keys are all used.
   *
   * @param file where it is
   * @param principal who it belongs to; it must have a key of it
   */
  public KeytabFile(Path file, PrincipalName principal) {
    this(file, principal, Set.of());
  }

  /**
   * A file of which some keys are used.
   *
   * @param file where it is
   * @param principal who the file belongs to; it must have a key of it
   * @param accepted whose keys are used, each of which must be there; none for all
   */
  public KeytabFile(Path file, PrincipalName principal, Set<PrincipalName> accepted) {
    this(file, principal, accepted, USUAL_KEY_AGE);
  }

  /**
   * A file of which some keys are used, and whose age is told.
   *
   * @param keyAge how old the newest key of a principal may become before
   */
  KeytabFile(Path file, PrincipalName principal, Set<PrincipalName> accepted, Duration keyAge) {
    this.file = new SecretFile(file, SecretFile.Kind.KEYTAB, "keytab " + file + " of " + principal);
    this.principal = principal;
    this.accepted = Set.copyOf(accepted);
    this.keyAge = keyAge;
  }

  /**
   * The file that a user has chosen.
   *
   * @param file where it is; null if the user has not said
   * @param principal who it belongs to; null if the user has not said
   * @param accepted whose keys are used, each of which must be there; none for all
   * @param keyAge how old the newest key of a principal may become before its age is told
   * @return the file, not read yet
   * @throws IdentityException with code {@code CONFIGURATION} if one of the two was not said
   */
  public static KeytabFile chosen(
      @Nullable Path file,
      @Nullable PrincipalName principal,
      Set<PrincipalName> accepted,
      Duration keyAge) {
    if (principal == null) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "A Kerberos identity has no principal. Name it with principal(...), for example"
              + " HTTP/orders.shop@SHOP.EXAMPLE.");
    }
    if (file == null) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The Kerberos identity of "
              + principal
              + " has no keytab. Name it with keytab(...): where are its keys?");
    }
    return new KeytabFile(file, principal, accepted, keyAge);
  }

  /**
   * How old the newest key of a principal may become before its age is told.
   *
   * @return a day or more
   */
  public Duration keyAge() {
    return keyAge;
  }

  /**
   * Where it is.
   *
   * @return the file
   */
  public Path path() {
    return file.path();
  }

  /**
   * Who it belongs to.
   *
   * @return the principal
   */
  public PrincipalName principal() {
    return principal;
  }

  /**
   * The realms of the names that are ours because somebody said so, and not the file.
   *
   * @return one or more
   */
  public Set<String> realms() {
    return Stream.concat(Stream.of(principal), accepted.stream())
        .map(PrincipalName::realm)
        .collect(Collectors.toSet());
  }

  /**
   * Looks at the file without reading it.
   *
   * @return what differs once the file has changed
   * @throws IdentityException with code {@code CONFIGURATION} if it is not there
   */
  public FileMark mark() {
    return file.mark();
  }

  /**
   * Reads the keys that are used.
   *
   * @return at least one of each principal that must be there, of strong and other types
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public List<KeytabEntry> entries() {
    List<KeytabEntry> all = all();
    requireStrong(all, principal);
    accepted.forEach(name -> requireStrong(all, name));
    return all.stream()
        .filter(entry -> accepted.isEmpty() || accepted.contains(entry.principal()))
        .toList();
  }

  /**
   * Reads the keys of the principal that the file belongs to.
   *
   * @return at least one of a strong type
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public List<KeytabEntry> ownEntries() {
    List<KeytabEntry> all = all();
    requireStrong(all, principal);
    return all.stream().filter(entry -> entry.principal().equals(principal)).toList();
  }

  /**
   * Those of strong types, the highest version first.
   *
   * @param entries of any type
   * @return those that are accepted
   */
  public static List<KeytabEntry> strong(List<KeytabEntry> entries) {
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

  /** Warns if everybody on this machine can read the keys. */
  public void warnIfExposed() {
    file.warnIfExposed();
  }

  /**
   * Whether everybody on this machine can read it: what is wrong, and what to do.
   *
   * @return a message; empty if they cannot
   */
  public Optional<String> exposure() {
    return file.exposure();
  }

  /**
   * Reads the keys of all principals.
   *
   * @return at least one
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public List<KeytabEntry> all() {
    byte[] bytes = file.bytes();
    try {
      List<KeytabEntry> entries = KeytabReader.read(bytes);
      if (entries.isEmpty()) {
        throw wrong("has no entries", "Write the principal's keys into it (kadmin: ktadd -k)");
      }
      return entries;
    } catch (MalformedKeytabException malformed) {
      throw file.wrong(
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

  private IdentityException wrong(String what, String cure) {
    return file.wrong(what, cure, null);
  }
}
