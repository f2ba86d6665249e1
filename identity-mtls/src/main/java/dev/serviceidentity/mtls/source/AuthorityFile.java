// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The authorities of the own trust domain in a file, which is read alone or with the identity. */
final class AuthorityFile {
  private final String trustDomain;
  private final MountedFiles files;
  private final Function<MountedFiles.Version, List<X509Certificate>> reading;

  AuthorityFile(
      String trustDomain,
      MountedFiles files,
      Function<MountedFiles.Version, List<X509Certificate>> reading) {
    this.trustDomain = trustDomain;
    this.files = files;
    this.reading = reading;
  }

  static AuthorityFile pem(Path file, String trustDomain) {
    return new AuthorityFile(
        trustDomain, new MountedFiles(List.of(file)), version -> version.pem(file).authorities());
  }

  MountedFiles files() {
    return files;
  }

  TrustBundle read(MountedFiles.Version version) {
    return TrustBundle.of(trustDomain, reading.apply(version));
  }

  Map<String, TrustBundle> readAlone() {
    return Credential.byDomain(List.of(files.read(this::read)));
  }

  /** Returns the files, for messages. */
  @Override
  public String toString() {
    return files.toString();
  }
}
