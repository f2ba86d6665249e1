// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}, as Kubernetes mounts a TLS
 * secret. There {@code ..data} is a link to the directory of one version, and an update replaces
 * the link: it is resolved first, and all files are read behind it, so that they are of one
 * version.
 */
final class PemDirectory {
  static final String VERSION_LINK = "..data";

  private static final int MOST_ATTEMPTS = 10;

  private final Path directory;
  private final String trustDomain;

  PemDirectory(Path directory, String trustDomain) {
    this.directory = directory;
    this.trustDomain = trustDomain;
  }

  Path path() {
    return directory;
  }

  /**
   * Reads all three files.
   *
   * @throws IdentityException naming the file and the cure
   */
  Credential read() {
    return ofOneVersion(this::read);
  }

  /**
   * Reads {@code ca.crt} alone.
   *
   * @throws IdentityException naming the file and the cure
   */
  TrustBundle readTrust() {
    return ofOneVersion(this::readTrust);
  }

  private <T> T ofOneVersion(Function<Path, T> reading) {
    requireDirectory();
    Path version = version();
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.apply(version);
      } catch (IdentityException e) {
        // An update removes the version that it replaces, perhaps while it is being read.
        Path next = version();
        if (next.equals(version) || attempt == MOST_ATTEMPTS) {
          throw e;
        }
        version = next;
      }
    }
  }

  /** What to do about a directory that is not there or cannot be opened. */
  IdentityException unreadable(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong("does not exist; mount the TLS secret there", failed);
    }
    if (failed instanceof AccessDeniedException) {
      return wrong(
          "must not be opened by this process; give its user the right to enter the directories"
              + " above it",
          failed);
    }
    return wrong(
        "cannot be opened ("
            + ForeignText.quote(String.valueOf(failed.getMessage()))
            + "); mount the TLS secret there",
        failed);
  }

  private void requireDirectory() {
    try {
      if (Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
        return;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    throw wrong("is no directory; name the directory that holds tls.crt, tls.key and ca.crt", null);
  }

  private Credential read(Path version) {
    List<X509Certificate> chain = file(version, "tls.crt").certificates();
    PrivateKey key = file(version, "tls.key").key();
    return new Credential(chain, key, readTrust(version));
  }

  private TrustBundle readTrust(Path version) {
    return TrustBundle.of(trustDomain, file(version, "ca.crt").authorities());
  }

  private PemFile file(Path version, String name) {
    return new PemFile(directory.resolve(name), version.resolve(name));
  }

  /** Where the link points, without looking whether that is still there: it may be going away. */
  private Path version() {
    try {
      return directory.resolve(Files.readSymbolicLink(directory.resolve(VERSION_LINK)));
    } catch (IOException | UnsupportedOperationException noLink) {
      return directory;
    }
  }

  private IdentityException wrong(String whatAndCure, @Nullable Exception cause) {
    return new IdentityException(
        CONFIGURATION, "pemDirectory(...): " + directory + " " + whatAndCure, cause);
  }
}
