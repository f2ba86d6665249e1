// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of certificates or of a key. All that it throws is an {@link IdentityException} that
 * names file and block, what is wrong there, and what to do.
 */
final class PemFile {
  private static final int MOST_BYTES = 1 << 20;

  private final Path configured;
  private final Path file;

  /**
   * Reads nothing yet.
   *
   * @param configured the file as its user knows it, for messages
   * @param file where it is
   */
  PemFile(Path configured, Path file) {
    this.configured = configured;
    this.file = file;
  }

  List<X509Certificate> certificates() {
    var certificates = new ArrayList<X509Certificate>();
    for (PemBlock block : certificateBlocks()) {
      certificates.add(certificate(block));
    }
    return certificates;
  }

  List<X509Certificate> authorities() {
    var authorities = new ArrayList<X509Certificate>();
    for (PemBlock block : certificateBlocks()) {
      X509Certificate authority = certificate(block);
      if (authority.getBasicConstraints() < 0) {
        throw wrong(
            "holds in " + block.place() + " a certificate that is no authority",
            "list authorities (CA:TRUE) only");
      }
      authorities.add(authority);
    }
    return authorities;
  }

  PrivateKey key() {
    List<PemBlock> blocks = blocks();
    try {
      return KeyPairs.parse(blocks);
    } catch (MalformedPemException e) {
      throw new IdentityException(CONFIGURATION, configured + " cannot be used: " + e.getMessage());
    }
  }

  /** What to do about a file that is not there or cannot be read. */
  IdentityException unreadable(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return wrong("is missing", "tls.crt, tls.key and ca.crt belong there", failed);
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

  private List<PemBlock> certificateBlocks() {
    List<PemBlock> blocks = blocks();
    if (blocks.isEmpty()) {
      throw wrong("holds no certificate", "put PEM certificates into it");
    }
    for (PemBlock block : blocks) {
      if (!block.label().equals("CERTIFICATE")) {
        throw wrong(
            "holds in " + block.place() + " a " + ForeignText.quote(block.label()),
            "only certificates belong there");
      }
    }
    return blocks;
  }

  private X509Certificate certificate(PemBlock block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw wrong(
          "holds in " + block.place() + " something other than an X.509 certificate",
          "copy the certificate again from where it was issued",
          e);
    }
  }

  private List<PemBlock> blocks() {
    byte[] bytes = bytes();
    if (bytes.length > MOST_BYTES) {
      throw wrong("is larger than 1 MiB", "check that it is the PEM file that belongs there");
    }
    try {
      return PemBlock.parse(new String(bytes, ISO_8859_1));
    } catch (MalformedPemException e) {
      throw new IdentityException(CONFIGURATION, configured + " is not PEM: " + e.getMessage());
    }
  }

  private byte[] bytes() {
    try {
      // Asked first, because to open a pipe would wait for its writer.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw wrong("is a directory or a device", "put the file itself there");
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(MOST_BYTES + 1);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private IdentityException wrong(String what, String cure) {
    return wrong(what, cure, null);
  }

  private IdentityException wrong(String what, String cure, @Nullable Exception cause) {
    return new IdentityException(CONFIGURATION, configured + " " + what + "; " + cure, cause);
  }
}
