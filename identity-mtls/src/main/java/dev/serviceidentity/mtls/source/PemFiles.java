// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.mtls.pem.PemFile.KeyAndChain;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate, its key and the authorities in three PEM files, in one directory or in several.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(PemFiles.of(Path.of("web.pem"), Path.of("web.key"), Path.of("ca.pem"))
 *         .keyPassword(Password.file(Path.of("web.password"))))
 * }</pre>
 *
 * <p>Keys are EC, RSA or Ed25519, in PKCS#8 (encrypted or not), PKCS#1 or SEC 1. Files of one
 * directory are read from one version where Kubernetes mounts them; files of several directories
 * cannot be replaced together, so that a key which does not fit yet is read again. Immutable and
 * thread-safe.
 */
public final class PemFiles implements SourceProvider {
  private final Path chain;
  private final Path key;
  private final Path authorities;
  private final @Nullable Password password;

  private PemFiles(Path chain, Path key, Path authorities, @Nullable Password password) {
    this.chain = Objects.requireNonNull(chain, "chain");
    this.key = Objects.requireNonNull(key, "key");
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.password = password;
  }

  /**
   * Three files of any name.
   *
   * @param chain the own certificate first, then intermediates
   * @param key the key of the own certificate and nothing else
   * @param authorities whom to trust
   * @return the source, not yet read
   */
  public static PemFiles of(Path chain, Path key, Path authorities) {
    return new PemFiles(chain, key, authorities, null);
  }

  /**
   * The three files of a TLS secret as Kubernetes mounts it.
   *
   * @param directory holds {@code tls.crt}, {@code tls.key} and {@code ca.crt}
   * @return the source, not yet read
   */
  public static PemFiles directory(Path directory) {
    return of(
        directory.resolve("tls.crt"), directory.resolve("tls.key"), directory.resolve("ca.crt"));
  }

  /**
   * The same with a key that is encrypted (PKCS#8).
   *
   * @param secret its password
   * @return a new value
   */
  public PemFiles keyPassword(Password secret) {
    return new PemFiles(chain, key, authorities, Objects.requireNonNull(secret, "secret"));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    return new FileSource(
        new CertificateSource.Origin(chain.toString(), key.toString(), authorities.toString()),
        FileSource.parts(password, chain, key),
        version ->
            new KeyAndChain(
                version.pem(key).key(FileSource.reader(password)),
                version.pem(chain).certificates()),
        AuthorityFile.pem(authorities, context.trustDomain()));
  }

  /** Returns the files. */
  @Override
  public String toString() {
    return "PemFiles[" + chain + ", " + key + ", " + authorities + "]";
  }
}
