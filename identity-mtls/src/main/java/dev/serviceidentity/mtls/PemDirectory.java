// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serviceidentity.identity.IdentityException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}, as Kubernetes mounts a TLS
 * secret. There {@code ..data} is a link to the directory of one version, and an update replaces
 * the link: it is resolved first, and all files are read behind it, so that they are of one
 * version.
 */
final class PemDirectory {
  static final String VERSION_LINK = "..data";

  private static final int MOST_BYTES = 1 << 20;
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
    if (!Files.isDirectory(directory)) {
      throw new IdentityException(
          CONFIGURATION,
          "The directory " + directory + " cannot be opened; mount the TLS secret there");
    }
    Path version = version();
    for (int attempt = 1; ; attempt++) {
      try {
        return read(version);
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

  private Credential read(Path version) {
    List<X509Certificate> chain = certificates(version, "tls.crt");
    PrivateKey key = key(version);
    List<X509Certificate> authorities = certificates(version, "ca.crt");
    for (X509Certificate authority : authorities) {
      if (authority.getBasicConstraints() < 0) {
        throw trouble("ca.crt", "lists a certificate that is no authority; list authorities only");
      }
    }
    return new Credential(chain, key, TrustBundle.of(trustDomain, authorities));
  }

  /** Where the link points, without looking whether that is still there: it may be going away. */
  private Path version() {
    try {
      return directory.resolve(Files.readSymbolicLink(directory.resolve(VERSION_LINK)));
    } catch (IOException | UnsupportedOperationException noLink) {
      return directory;
    }
  }

  private List<X509Certificate> certificates(Path version, String name) {
    List<PemBlock> blocks = blocks(version, name);
    if (blocks.isEmpty()) {
      throw trouble(name, "holds no certificate; put PEM certificates into it");
    }
    var certificates = new ArrayList<X509Certificate>();
    for (PemBlock block : blocks) {
      if (!block.label().equals("CERTIFICATE")) {
        throw trouble(name, "holds a " + block + "; only certificates belong there");
      }
      certificates.add(certificate(name, block));
    }
    return certificates;
  }

  private X509Certificate certificate(String name, PemBlock block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw trouble(name, "holds a broken certificate in line " + block.line(), e);
    }
  }

  private PrivateKey key(Path version) {
    try {
      return KeyPairs.parse(blocks(version, "tls.key"));
    } catch (MalformedPemException e) {
      throw trouble("tls.key", "cannot be used: " + e.getMessage(), e);
    }
  }

  private List<PemBlock> blocks(Path version, String name) {
    Path file = version.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw trouble(name, "is missing; tls.crt, tls.key and ca.crt belong there");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw trouble(name, "is larger than " + MOST_BYTES + " bytes");
      }
      return PemBlock.parse(new String(bytes, ISO_8859_1));
    } catch (IOException e) {
      throw trouble(name, "cannot be read; let this process's user read it", e);
    } catch (MalformedPemException e) {
      throw trouble(name, "is not valid PEM: " + e.getMessage(), e);
    }
  }

  private IdentityException trouble(String name, String what) {
    return new IdentityException(CONFIGURATION, directory.resolve(name) + " " + what);
  }

  private IdentityException trouble(String name, String what, Exception cause) {
    return new IdentityException(CONFIGURATION, directory.resolve(name) + " " + what, cause);
  }
}
