// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate of a {@link DevelopmentCa} with its key and the authorities to trust. Development
 * only. Immutable and thread-safe; its {@code toString} shows no key.
 */
public final class IssuedCertificate {
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final List<X509Certificate> authorities;

  IssuedCertificate(
      List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
    this.chain = List.copyOf(chain);
    this.key = key;
    this.authorities = List.copyOf(authorities);
  }

  /**
   * The same certificate, trusting other authorities than the one that issued it.
   *
   * @param roots all authorities to trust
   * @return a new value
   */
  public IssuedCertificate trusting(List<X509Certificate> roots) {
    return new IssuedCertificate(chain, key, roots);
  }

  /**
   * The chain to show.
   *
   * @return the leaf first, without root
   */
  public List<X509Certificate> chain() {
    return chain;
  }

  /**
   * The leaf's key.
   *
   * @return the private key
   */
  public PrivateKey privateKey() {
    return key;
  }

  /**
   * The authorities to trust.
   *
   * @return their roots
   */
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /**
   * Writes {@code tls.crt}, {@code tls.key} and {@code ca.crt} as Kubernetes mounts a TLS secret,
   * replacing an earlier version in one step: whoever resolves {@code ..data} first reads files of
   * one version. The key is readable by its owner only.
   *
   * @param directory made if it is not there; on a file system with symbolic links
   * @throws UncheckedIOException if it cannot be written
   */
  public void writeTo(Path directory) {
    try {
      SecretVolume.of(directory)
          .publicFile("tls.crt", Pem.of(chain))
          .secretFile("tls.key", Pem.of("PRIVATE KEY", key.getEncoded()))
          .publicFile("ca.crt", Pem.of(authorities))
          .publish();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write certificates to " + directory, e);
    }
  }

  /** Returns the leaf's serial number in hexadecimal. */
  @Override
  public String toString() {
    return "IssuedCertificate[" + chain.get(0).getSerialNumber().toString(16) + "]";
  }
}
