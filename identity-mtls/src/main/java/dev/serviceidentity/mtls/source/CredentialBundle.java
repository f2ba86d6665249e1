// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Key and certificates in one PEM file: the private key first, then the own certificate, then
 * intermediates. Kubernetes writes it so for pod certificates (KEP-4317, {@code
 * podCertificate.credentialBundlePath}). One file is replaced in one step, so that no reading can
 * find a key and a certificate of different versions.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(CredentialBundle.of(
 *         Path.of("/var/run/identity/bundle.pem"), Path.of("/var/run/identity/ca.pem")))
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class CredentialBundle implements SourceProvider {
  private final Path bundle;
  private final Path authorities;
  private final @Nullable Password password;

  private CredentialBundle(Path bundle, Path authorities, @Nullable Password password) {
    this.bundle = Objects.requireNonNull(bundle, "bundle");
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.password = password;
  }

  /**
   * A bundle and, in a file of its own, whom to trust.
   *
   * @param bundle key, own certificate, intermediates
   * @param authorities a PEM file with authorities, for example a projected ClusterTrustBundle
   * @return the source, not yet read
   */
  public static CredentialBundle of(Path bundle, Path authorities) {
    return new CredentialBundle(bundle, authorities, null);
  }

  /**
   * The same with a key that is encrypted (PKCS#8).
   *
   * @param secret its password
   * @return a new value
   */
  public CredentialBundle keyPassword(Password secret) {
    return new CredentialBundle(bundle, authorities, Objects.requireNonNull(secret, "secret"));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    return new FileSource(
        new CertificateSource.Origin(bundle.toString(), bundle.toString(), authorities.toString()),
        FileSource.parts(password, bundle),
        version -> version.pem(bundle).keyAndChain(FileSource.reader(password)),
        AuthorityFile.pem(authorities, context.trustDomain()));
  }

  /** Returns the files. */
  @Override
  public String toString() {
    return "CredentialBundle[" + bundle + ", " + authorities + "]";
  }
}
