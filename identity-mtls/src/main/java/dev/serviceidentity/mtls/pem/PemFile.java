// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One file of certificates, of a key, or of both. All that it throws is an {@link
 * IdentityException} that names file and block, what is wrong there, and what to do.
 */
public final class PemFile {
  private final BoundedFile file;

  /**
   * Reads nothing yet.
   *
   * @param configured the file as its user knows it, for messages
   * @param file where it is
   */
  public PemFile(Path configured, Path file) {
    this.file = new BoundedFile(configured, file);
  }

  /** A key and the certificates behind it. Never printed. */
  public static final class KeyAndChain {
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    public KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
      this.key = key;
      this.chain = chain;
    }

    public PrivateKey key() {
      return key;
    }

    public List<X509Certificate> chain() {
      return chain;
    }
  }

  /** All certificates, at least one, and nothing else. */
  public List<X509Certificate> certificates() {
    return certificates(blocks());
  }

  /** All certificates, each one of an authority. */
  public List<X509Certificate> authorities() {
    List<PemBlock> blocks = blocks();
    List<X509Certificate> authorities = certificates(blocks);
    for (int i = 0; i < authorities.size(); i++) {
      if (authorities.get(i).getBasicConstraints() < 0) {
        throw file.wrong(
            "holds in " + blocks.get(i).place() + " a certificate that is no authority",
            "list authorities (CA:TRUE) only");
      }
    }
    return authorities;
  }

  /** The one private key. */
  public PrivateKey key(@Nullable Supplier<char[]> password) {
    return key(blocks(), password);
  }

  /** The one private key, which comes first, and the certificates behind it, the leaf first. */
  public KeyAndChain keyAndChain(@Nullable Supplier<char[]> password) {
    List<PemBlock> blocks = blocks();
    List<PemBlock> keys = blocks.stream().filter(PrivateKeys::isKey).toList();
    PrivateKey key = key(keys, password);
    if (!keys.equals(blocks.subList(0, keys.size()))) {
      throw file.wrong(
          "holds its key in " + keys.get(keys.size() - 1).place() + ", behind a certificate",
          "write the key first, then the leaf, then intermediates");
    }
    return new KeyAndChain(key, certificates(blocks.subList(keys.size(), blocks.size())));
  }

  private PrivateKey key(List<PemBlock> blocks, @Nullable Supplier<char[]> password) {
    try {
      return new PrivateKeys(password).parse(blocks);
    } catch (MalformedPemException e) {
      throw new IdentityException(CONFIGURATION, file + " cannot be used: " + e.getMessage());
    }
  }

  private List<X509Certificate> certificates(List<PemBlock> blocks) {
    if (blocks.isEmpty()) {
      throw file.wrong("holds no certificate", "put PEM certificates into it");
    }
    var certificates = new ArrayList<X509Certificate>();
    for (PemBlock block : blocks) {
      if (!block.label().equals("CERTIFICATE")) {
        throw file.wrong(
            "holds in " + block.place() + " a " + ForeignText.quote(block.label()),
            "only certificates belong there");
      }
      certificates.add(certificate(block));
    }
    return certificates;
  }

  private X509Certificate certificate(PemBlock block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw file.wrong(
          "holds in " + block.place() + " something other than an X.509 certificate",
          "copy the certificate again from where it was issued",
          e);
    }
  }

  private List<PemBlock> blocks() {
    try {
      return PemBlock.parse(new String(file.read(), ISO_8859_1));
    } catch (MalformedPemException e) {
      throw new IdentityException(CONFIGURATION, file + " is not PEM: " + e.getMessage());
    }
  }
}
