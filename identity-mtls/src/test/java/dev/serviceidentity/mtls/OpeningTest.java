// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.pem.BoundedFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What opening says when the files are not what they should be: which file, and the cure. */
class OpeningTest {
  @TempDir Path directory;
  private World world;

  @BeforeEach
  void issue() {
    world = new World(directory);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void goodFilesGiveTheIdentity() {
    MtlsIdentity web = world.open("web");

    assertThat(web.current().principal()).hasToString("mtls:" + World.WEB);
    assertThat(web.current().generation()).isEqualTo(1);
    assertThat(web.current().isValidAt(world.clock.instant())).isTrue();
  }

  @Test
  void anIdentityOpensAloneOnTheSystemClock() {
    DevelopmentCa.create("shop.example", Clock.systemUTC())
        .issue(LeafTemplate.spiffe(World.WEB))
        .writeTo(directory.resolve("now"));

    try (MtlsIdentity alone =
        MtlsIdentity.builder()
            .pemDirectory(directory.resolve("now"))
            .trustDomain("shop.example")
            .open()) {
      assertThat(alone.health().detail()).contains(World.WEB);
    }
  }

  @Test
  void aMissingDirectory() {
    opening("nowhere").hasMessageContaining("nowhere does not exist; mount");
  }

  @Test
  void aFileInsteadOfTheDirectory() throws IOException {
    Files.copy(version().resolve("tls.crt"), world.files("tls.crt"));

    opening("tls.crt").hasMessageContaining("tls.crt is no directory; name the directory that");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.crt", "tls.key", "ca.crt"})
  void aMissingFile(String name) throws IOException {
    Files.delete(version().resolve(name));

    opening("web").hasMessageContaining(name + " is missing; put the file there");
  }

  @Test
  void aFileThatMustNotBeReadIsNotCalledMissing() {
    Path key = world.files("web").resolve("tls.key");

    assertThat(new BoundedFile(key, key).unreadable(new AccessDeniedException(key.toString())))
        .hasMessageContaining(key + " must not be read by this process; give its user");
  }

  @Test
  void aDirectoryInsteadOfAFile() throws IOException {
    Files.delete(version().resolve("tls.key"));
    Files.createDirectory(version().resolve("tls.key"));

    opening("web").hasMessageContaining("tls.key is a directory or a device; put the file");
  }

  @Test
  void aFileOfAnotherKindThanPem() throws IOException {
    write("ca.crt", "x".repeat((1 << 20) + 1));

    opening("web").hasMessageContaining("ca.crt is larger than 1 MiB; check that");
  }

  @ParameterizedTest
  @CsvSource({
    "tls.crt, -----BEGIN CERTIFICATE-----, has no END line: the file is cut off; copy",
    "tls.crt, nothing at all, holds no certificate; put",
    "ca.crt, nothing at all, holds no certificate; put",
    "tls.key, nothing at all, holds no private key; put",
  })
  void anEmptyOrBrokenFile(String name, String content, String says) throws IOException {
    write(name, content);

    opening("web").hasMessageContaining(name).hasMessageContaining(says);
  }

  @Test
  void aBrokenBlockIsNamedWithItsLine() throws IOException {
    write("ca.crt", "# our root\n-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");

    opening("web")
        .hasMessageContaining("ca.crt is not PEM: block 1 (line 2) is not base64; copy the whole");
  }

  @Test
  void aCertificateThatIsNoneIsNamedWithItsLine() throws IOException {
    write(
        "tls.crt",
        Files.readString(version().resolve("tls.crt"))
            + Draft.pem("CERTIFICATE", new byte[] {0x30, 0x00}));

    opening("web")
        .hasMessageContaining("tls.crt holds in block 2 (line ")
        .hasMessageContaining("something other than an X.509 certificate; copy");
  }

  @Test
  void aKeyWhereACertificateBelongs() throws IOException {
    write("tls.crt", Files.readString(version().resolve("tls.key")));

    opening("web")
        .hasMessageContaining("tls.crt holds in block 1 (line 1) a 'PRIVATE KEY'; only cert");
  }

  @Test
  void aCertificateWhereTheKeyBelongs() throws IOException {
    write("tls.key", Files.readString(version().resolve("tls.crt")));

    opening("web").hasMessageContaining("block 1 (line 1) is a 'CERTIFICATE'; only the private");
  }

  @Test
  void twoKeysAreOneTooMany() throws IOException {
    write("tls.key", Files.readString(version().resolve("tls.key")).repeat(2));

    opening("web").hasMessageContaining("tls.key cannot be used: it holds 2 private keys; leave");
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, is an encrypted key; give its password by keyPassword(Password.file(",
    "RSA PRIVATE KEY, is not valid PKCS#1; copy the key again",
    "EC PRIVATE KEY, is not valid SEC 1; copy the key again",
  })
  void aKeyOfAnotherFormThatCannotBeReadSaysWhatToDo(String label, String says) throws IOException {
    write("tls.key", Draft.pem(label, new byte[] {0x30, 0x00}));

    opening("web")
        .hasMessageContaining("tls.key cannot be used: block 1 (line 1)")
        .hasMessageContaining(says);
  }

  @Test
  void aKeyThatIsNotOneIsNotQuoted() throws IOException {
    write("tls.key", Draft.pem("PRIVATE KEY", new byte[] {0x30, 0x03, 0x02, 0x01, 0x00}));

    opening("web")
        .hasMessageContaining("tls.key")
        .hasMessageEndingWith(
            "block 1 (line 1) is not valid PKCS#8; copy the key again from where" + " it was made");
  }

  @Test
  void aKeyOfAnotherAlgorithm() throws IOException {
    KeyPair other = Draft.keys("DSA", 2048);
    write("tls.key", Draft.pem("PRIVATE KEY", other.getPrivate().getEncoded()));

    opening("web").hasMessageContaining("is a key of no accepted algorithm; use EC, RSA or");
  }

  @Test
  void aKeyOfAnotherCertificate() throws IOException {
    KeyPair other = Draft.ec("secp256r1");
    write("tls.key", Draft.pem("PRIVATE KEY", other.getPrivate().getEncoded()));

    opening("web").hasMessageContaining("tls.crt does not belong to the key in ");
  }

  @Test
  void anExpiredCertificateIsThisServicesOwn() {
    world.clock.advance(Duration.ofHours(1));

    opening("web")
        .hasMessageContaining("tls.crt: this service's certificate would be refused by peers")
        .hasMessageContaining("EXPIRED: " + World.WEB)
        .hasMessageContaining("See why this service's certificate was not renewed")
        .hasMessageNotContaining("the peer's");
  }

  @Test
  void anAuthorityThatDidNotIssueTheCertificateIsWarnedOfOnce() throws Exception {
    X509Certificate other = DevelopmentCa.create("shop.example", world.clock).certificate();
    world
        .ca
        .issue(LeafTemplate.spiffe(World.WEB))
        .trusting(List.of(other))
        .writeTo(world.files("web"));

    try (var log = new HeardLog(Rotation.class, world.files("web").toString())) {
      MtlsIdentity web = world.open("web");
      web.refresh();

      assertThat(log.warnings())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("ca.crt would refuse this service's certificate")
          .contains("UNTRUSTED_ISSUER")
          .contains("Put the authority that issued it into ");
      assertThat(web.health().detail()).isEqualTo(log.warnings().get(0));
    }
  }

  @Test
  void aCertificateThatPeersAcceptIsNotWarnedOf() {
    try (var log = new HeardLog(Rotation.class, world.files("web").toString())) {
      world.open("web");

      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void aCertificateOfAnotherTrustDomain() {
    world.issue("stranger", "spiffe://elsewhere.example/x");

    opening("stranger")
        .hasMessageContaining("spiffe://elsewhere.example/x")
        .hasMessageContaining("shop.example");
  }

  @Test
  void aLeafAmongTheAuthorities() throws IOException {
    write("ca.crt", Files.readString(version().resolve("tls.crt")));

    opening("web")
        .hasMessageContaining(
            "ca.crt holds in block 1 (line 1) a certificate that is no authority");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Shop.example", "spiffe://shop.example", "shop example"})
  void aTrustDomainThatCannotBeOneIsRefusedAtOnceAndQuoted(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MtlsIdentity.builder().trustDomain(name))
        .withMessageContaining("'" + name + "'")
        .withMessageContaining("shop.example");
  }

  @Test
  void openingSaysWhichCallOfTheBuilderIsMissing() {
    assertThatThrownBy(() -> MtlsIdentity.builder().trustDomain("shop.example").open())
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContaining("needs pemDirectory(...) or source(...)");
    assertThatThrownBy(() -> MtlsIdentity.builder().pemDirectory(world.files("web")).open())
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContaining("needs trustDomain(...)");
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "Ed25519, 0"})
  void keysOfOtherAlgorithmsAreRead(String algorithm, int bits) throws IOException {
    KeyPair keys = Draft.keys(algorithm, bits);
    Draft.Forged root = Draft.authority("root").selfSigned();
    write("ca.crt", Draft.pem("CERTIFICATE", Draft.der(root.certificate())));
    write(
        "tls.crt",
        Draft.pem("CERTIFICATE", Draft.der(Draft.leaf().keys(keys).signedBy(root).certificate())));
    write("tls.key", Draft.pem("PRIVATE KEY", keys.getPrivate().getEncoded()));

    assertThat(world.open("web").health().status()).hasToString("UP");
  }

  @Test
  void theKeyFileOfTheDevelopmentAuthorityIsItsOwnersOnly() throws IOException {
    assertThat(Files.getPosixFilePermissions(version().resolve("tls.key")))
        .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
  }

  private AbstractThrowableAssert<?, IdentityException> opening(String service) {
    return assertThatThrownBy(() -> world.open(service))
        .asInstanceOf(InstanceOfAssertFactories.throwable(IdentityException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION));
  }

  private Path version() throws IOException {
    return world.files("web").resolve("..data").toRealPath();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(version().resolve(name), content);
  }
}
