// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.file.FileMark;
import dev.serviceidentity.kerberos.file.SecretFile;
import dev.serviceidentity.spi.ForeignText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A credential cache as a file, which another program writes again and again. Reading blocks for as
 * long as the file system does. Thread-safe.
 */
public final class CredentialCacheFile {
  /** One letter would be a drive. */
  private static final Pattern TYPED = Pattern.compile("([A-Za-z][A-Za-z0-9_]+):(.*)");

  private final SecretFile file;
  private final Workshop workshop;

  /**
   * A file that need not be there yet.
   *
   * @param file where it is
   * @param workshop what the keys of its tickets work with
   */
  public CredentialCacheFile(Path file, Workshop workshop) {
    this.file = new SecretFile(file, SecretFile.Kind.CREDENTIAL_CACHE, "credential cache " + file);
    this.workshop = workshop;
  }

  /**
   * Reads a name as the variable KRB5CCNAME holds one: a path, or {@code FILE:} and a path.
   *
   * @param name the name of the cache
   * @return the path
   * @throws IdentityException with code {@code CONFIGURATION} and what to do if the cache is of a
   *     type that is no file
   */
  public static Path path(String name) {
    Matcher typed = TYPED.matcher(name);
    String type = typed.matches() ? typed.group(1).toUpperCase(Locale.ROOT) : "FILE";
    String where = typed.matches() ? typed.group(2) : name;
    if (!type.equals("FILE")) {
      throw new IdentityException(Code.CONFIGURATION, otherType(name, type));
    }
    try {
      if (!where.isBlank()) {
        return Path.of(where);
      }
    } catch (InvalidPathException notOne) {
      throw noPath(name);
    }
    throw noPath(name);
  }

  private static IdentityException noPath(String name) {
    return new IdentityException(
        Code.CONFIGURATION,
        "The credential cache "
            + ForeignText.quote(name)
            + " has no path. Write FILE: and the path of the file.");
  }

  private static String otherType(String name, String type) {
    String where =
        switch (type) {
          case "KCM" -> "is kept by a daemon (KCM)";
          case "KEYRING" -> "is kept by the kernel (KEYRING)";
          case "DIR" -> "is a directory of caches (DIR), of which each is a file";
          case "MEMORY" -> "is in the memory of another program (MEMORY)";
          case "API", "MSLSA" -> "is kept by the operating system (" + type + ")";
          default -> "is of the type " + type + ", which is not known";
        };
    return "The credential cache "
        + ForeignText.quote(name)
        + " "
        + where
        + ", and this library reads files. Log in into one (kinit -c FILE:/path) and name that, or"
        + " use a keytab, which needs no cache.";
  }

  /**
   * Where it is.
   *
   * @return as it was given
   */
  public Path path() {
    return file.path();
  }

  /**
   * Looks at the file without reading it. Take it before {@link #read}: then a change between the
   * two is seen as one the next time.
   *
   * @return equal to an earlier one if the file has not changed
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it
   */
  public FileMark mark() {
    return file.mark();
  }

  /**
   * Reads the tickets.
   *
   * @return what is in the file now, which may be no ticket at all
   * @throws IdentityException with code {@code CONFIGURATION} and what to do about it, also while
   *     another program has written a part of the file only
   */
  public CredentialCache read() {
    byte[] bytes = file.bytes();
    try {
      return CacheReader.read(bytes, workshop);
    } catch (MalformedCacheException malformed) {
      throw file.wrong(
          String.valueOf(malformed.getMessage()),
          "Log in again with kinit -c FILE: and this path; while a program writes the file, the"
              + " next look at it finds it whole",
          malformed);
    }
  }

  /** Warns if everybody on this machine can read the session keys. */
  public void warnIfExposed() {
    file.warnIfExposed();
  }

  /**
   * Whether everybody on this machine can read the session keys.
   *
   * @return what is wrong with that, and what to do; empty if not, or nobody can tell
   */
  public Optional<String> exposure() {
    return file.exposure();
  }

  /** Returns the path. */
  @Override
  public String toString() {
    return file.toString();
  }
}
