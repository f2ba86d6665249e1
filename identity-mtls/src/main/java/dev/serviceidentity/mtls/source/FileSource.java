// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.mtls.pem.PemFile.KeyAndChain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A source made of files: those of the own identity, and those of the authorities. */
final class FileSource implements CertificateSource {
  private final Origin origin;
  private final MountedFiles files;
  private final Function<MountedFiles.Version, KeyAndChain> own;
  private final AuthorityFile authorities;

  FileSource(
      Origin origin,
      List<Path> ownFiles,
      Function<MountedFiles.Version, KeyAndChain> own,
      AuthorityFile authorities) {
    this.origin = origin;
    var all = new ArrayList<>(ownFiles);
    all.addAll(authorities.files().files());
    this.files = new MountedFiles(all);
    this.own = own;
    this.authorities = authorities;
  }

  /** Files and, if it is in one, the password that opens them. */
  static List<Path> parts(@Nullable Password password, Path... files) {
    var all = new ArrayList<>(List.of(files));
    if (password != null) {
      all.addAll(password.files());
    }
    return all;
  }

  static @Nullable Supplier<char[]> reader(@Nullable Password password) {
    return password == null ? null : password::read;
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public Credential read() {
    return files.read(
        version -> {
          KeyAndChain mine = own.apply(version);
          return Credential.of(mine.chain(), mine.key(), List.of(authorities.read(version)));
        });
  }

  @Override
  public Map<String, TrustBundle> readTrust() {
    return authorities.readAlone();
  }

  @Override
  public Set<Path> files() {
    return files.files();
  }
}
