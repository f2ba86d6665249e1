// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Certificate and key in a PKCS12 or JKS file, with the authorities as its trusted certificates or
 * in another file.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(KeyStoreFile.pkcs12(Path.of("web.p12"), Password.file(Path.of("web.password")))
 *         .authorities(Path.of("ca.pem")))
 * }</pre>
 *
 * <p>Key stores take some milliseconds to open; PEM is read at once. Immutable and thread-safe.
 */
public final class KeyStoreFile implements SourceProvider {
  private final Path file;
  private final String type;
  private final Password password;
  private final Choices choices;

  private KeyStoreFile(Path file, String type, Password password, Choices choices) {
    this.file = Objects.requireNonNull(file, "file");
    this.type = type;
    this.password = Objects.requireNonNull(password, "password");
    this.choices = choices;
  }

  /** What is left out as a rule. */
  private record Choices(
      @Nullable String alias,
      @Nullable Password keyPassword,
      @Nullable Path pemAuthorities,
      @Nullable KeyStoreFile trustStore) {}

  /**
   * A PKCS12 file (RFC 7292).
   *
   * @param file where it is
   * @param password of the file and of its key
   * @return the source, not yet read
   */
  public static KeyStoreFile pkcs12(Path file, Password password) {
    return new KeyStoreFile(file, "PKCS12", password, new Choices(null, null, null, null));
  }

  /**
   * A file in Java's older form.
   *
   * @param file where it is
   * @param password of the file and, unless {@link #keyPassword} says otherwise, of its key
   * @return the source, not yet read
   */
  public static KeyStoreFile jks(Path file, Password password) {
    return new KeyStoreFile(file, "JKS", password, new Choices(null, null, null, null));
  }

  /**
   * The same, using one of several keys.
   *
   * @param name the alias of the entry
   * @return a new value
   */
  public KeyStoreFile alias(String name) {
    Objects.requireNonNull(name, "name");
    return with(new Choices(name, choices.keyPassword, choices.pemAuthorities, choices.trustStore));
  }

  /**
   * The same with another password for the key than for the file.
   *
   * @param secret the key's password
   * @return a new value
   */
  public KeyStoreFile keyPassword(Password secret) {
    Objects.requireNonNull(secret, "secret");
    return with(new Choices(choices.alias, secret, choices.pemAuthorities, choices.trustStore));
  }

  /**
   * The same, trusting the authorities in a PEM file.
   *
   * @param pem certificates of authorities
   * @return a new value
   */
  public KeyStoreFile authorities(Path pem) {
    Objects.requireNonNull(pem, "pem");
    return with(new Choices(choices.alias, choices.keyPassword, pem, null));
  }

  /**
   * The same, trusting the trusted certificates of another key store.
   *
   * @param trustStore its keys are not read
   * @return a new value
   */
  public KeyStoreFile authorities(KeyStoreFile trustStore) {
    Objects.requireNonNull(trustStore, "trustStore");
    return with(new Choices(choices.alias, choices.keyPassword, null, trustStore));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    AuthorityFile authorities = authorityFile(context.trustDomain());
    return new FileSource(
        new CertificateSource.Origin(file.toString(), file.toString(), authorities.toString()),
        files(),
        version -> store(version).own(choices.alias, keyPassword()),
        authorities);
  }

  /** Returns the file. */
  @Override
  public String toString() {
    return type + " " + file;
  }

  private AuthorityFile authorityFile(String trustDomain) {
    if (choices.pemAuthorities != null) {
      return AuthorityFile.pem(choices.pemAuthorities, trustDomain);
    }
    KeyStoreFile trusted = choices.trustStore == null ? this : choices.trustStore;
    return new AuthorityFile(
        trustDomain,
        new MountedFiles(trusted.files()),
        version -> trusted.store(version).authorities());
  }

  private OpenKeyStore store(MountedFiles.Version version) {
    return OpenKeyStore.read(version.file(file), type, password);
  }

  private Password keyPassword() {
    return choices.keyPassword == null ? password : choices.keyPassword;
  }

  private List<Path> files() {
    var all = new ArrayList<>(FileSource.parts(password, file));
    if (choices.keyPassword != null) {
      all.addAll(choices.keyPassword.files());
    }
    return all;
  }

  private KeyStoreFile with(Choices others) {
    return new KeyStoreFile(file, type, password, others);
  }
}
