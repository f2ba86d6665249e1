// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.SourceFiles.SECRET;
import static dev.serviceidentity.mtls.SourceFiles.encrypted;
import static dev.serviceidentity.mtls.SourceFiles.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.CredentialBundle;
import dev.serviceidentity.mtls.source.KeyStoreFile;
import dev.serviceidentity.mtls.source.Password;
import dev.serviceidentity.mtls.source.PemFiles;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.mtls.source.SuppliedCredential;
import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.spi.IdentityListeners;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each source takes, what it refuses and what it says then, and that it is followed. */
class SourcesTest {
  private static final Password PASSWORD = Password.from(SECRET::toCharArray);
  private static final Forged ROOT = Draft.authority("root").selfSigned();

  @TempDir Path directory;
  private World world;

  /** The three kinds of sources that are files. */
  enum Kind {
    PEM("web.key"),
    BUNDLE("bundle.pem"),
    PKCS12("web.p12"),
    JKS("web.jks");

    private final String own;

    Kind(String own) {
      this.own = own;
    }
  }

  @BeforeEach
  void open() throws IOException {
    world = new World(directory);
    write("ca.pem", pem(ROOT));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aGoodOneGivesTheIdentity(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));

    MtlsIdentity web = world.open(source(kind));

    assertThat(web.current().principal()).hasToString("mtls:" + World.WEB);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aReplacementIsNoticed(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    MtlsIdentity web = world.open(source(kind));
    BlockingQueue<IdentitySnapshot> rotations = rotations(web);

    put(kind, leaf(World.WEB + "2"));

    IdentitySnapshot next = rotations.poll(60, TimeUnit.SECONDS);
    assertThat(next.principal()).hasToString("mtls:" + World.WEB + "2");
    assertThat(next.generation()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aReplacementThatIsNoGoodChangesNothingButHealth(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    MtlsIdentity web = world.open(source(kind));

    write(kind.own, "garbage");

    assertThatThrownBy(web::refresh).isInstanceOf(IdentityException.class);
    assertThat(web.current().generation()).isEqualTo(1);
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains(kind.own);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsMissing(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    Files.delete(file(kind.own));

    opening(source(kind)).hasMessageContaining(kind.own + " is missing; put the file there");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNoFile(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    Files.delete(file(kind.own));
    Files.createDirectory(file(kind.own));

    opening(source(kind)).hasMessageContaining(kind.own + " is a directory or a device; put");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsTooLarge(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    Files.write(file(kind.own), new byte[(1 << 20) + 1]);

    opening(source(kind)).hasMessageContaining(kind.own + " is larger than 1 MiB; check that");
  }

  @ParameterizedTest
  @CsvSource({
    "PEM, holds no private key; put one into it",
    "BUNDLE, holds no private key; put one into it",
    "PKCS12, is empty; export",
    "JKS, is empty; export"
  })
  void whatIsEmpty(Kind kind, String says) throws Exception {
    put(kind, leaf(World.WEB));
    write(kind.own, "");

    opening(source(kind)).hasMessageContaining(kind.own).hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource({
    "PEM, holds no private key; put one into it",
    "BUNDLE, holds no private key; put one into it",
    "PKCS12, is no readable PKCS12 key store; export it again",
    "JKS, is no readable JKS key store; export it again"
  })
  void whatIsGarbage(Kind kind, String says) throws Exception {
    put(kind, leaf(World.WEB));
    write(kind.own, "no such thing, not at all");

    opening(source(kind)).hasMessageContaining(kind.own).hasMessageContaining(says);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anExpiredCertificate(Kind kind) throws Exception {
    put(
        kind,
        Draft.leaf()
            .validity(Draft.NOW.minusSeconds(60), Draft.NOW.minusSeconds(1))
            .signedBy(ROOT));

    opening(source(kind)).hasMessageContaining("EXPIRED").hasMessageContaining("was not renewed");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aKeyOfAnotherCertificate(Kind kind) throws Exception {
    Forged leaf = leaf(World.WEB);
    put(kind, new Forged(leaf.certificate(), Draft.ec("secp256r1")));

    opening(source(kind))
        .hasMessageContaining("does not belong to the key in ")
        .hasMessageContaining("; replace both together");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void twoKeys(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    switch (kind) {
      case PEM -> write(kind.own, Files.readString(file(kind.own)).repeat(2));
      case BUNDLE -> {
        String key = keyPem(Draft.ec("secp256r1"));
        write(kind.own, key + Files.readString(file(kind.own)));
      }
      default -> storeTwoKeys(kind);
    }

    opening(source(kind)).hasMessageContaining(kind.own).hasMessageContaining("2 private keys");
  }

  @Test
  void oneOfTwoKeysIsChosenByItsAlias() throws Exception {
    storeTwoKeys(Kind.PKCS12);

    assertThat(world.open(keyStore(Kind.PKCS12).alias("b")).current().principal())
        .hasToString("mtls:" + World.WEB + "-b");
    opening(keyStore(Kind.PKCS12).alias("c")).hasMessageContaining("no private key as 'c'; see");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"PKCS12", "JKS"})
  void aWrongPasswordOfAKeyStoreIsNotShown(Kind kind) throws Exception {
    put(kind, leaf(World.WEB));
    Password wrong = Password.from("wrong staple"::toCharArray);
    KeyStoreFile file =
        kind == Kind.PKCS12
            ? KeyStoreFile.pkcs12(file(kind.own), wrong)
            : KeyStoreFile.jks(file(kind.own), wrong);

    opening(file.authorities(file("ca.pem")))
        .hasMessageContaining("does not open with its password; correct the password")
        .satisfies(e -> assertThat(e).hasNoCause())
        .hasMessageNotContaining("staple");
    assertThat(file.toString() + wrong).doesNotContain("staple");
  }

  @Test
  void aKeyWithAPasswordOfItsOwn() throws Exception {
    Forged leaf = leaf(World.WEB);
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setKeyEntry(
        "web",
        leaf.keys().getPrivate(),
        "another".toCharArray(),
        new Certificate[] {leaf.certificate()});
    save(Kind.JKS, store);

    opening(keyStore(Kind.JKS))
        .hasMessageContaining("does not give out the key 'web' with its password; correct it");
    assertThat(
            world
                .open(keyStore(Kind.JKS).keyPassword(Password.from("another"::toCharArray)))
                .health()
                .status())
        .isEqualTo(Health.Status.UP);
  }

  @Test
  void theTrustedCertificatesOfAKeyStoreAreTheAuthoritiesUnlessOthersAreNamed() throws Exception {
    KeyStore store = store(leaf(World.WEB));
    store.setCertificateEntry("root", ROOT.certificate());
    save(Kind.PKCS12, store);
    KeyStoreFile both = KeyStoreFile.pkcs12(file(Kind.PKCS12.own), PASSWORD);
    put(Kind.JKS, leaf(World.WEB));
    KeyStoreFile own = KeyStoreFile.jks(file(Kind.JKS.own), PASSWORD);

    assertThat(world.open(both).health().status()).isEqualTo(Health.Status.UP);
    assertThat(world.open(own.authorities(both)).health().status()).isEqualTo(Health.Status.UP);
    opening(own).hasMessageContaining("holds no trusted certificate; name the authorities with");
  }

  @Test
  void aTrustedLeafIsNoAuthority() throws Exception {
    KeyStore store = store(leaf(World.WEB));
    store.setCertificateEntry("leaf", leaf(World.ORDERS).certificate());
    save(Kind.PKCS12, store);

    opening(KeyStoreFile.pkcs12(file(Kind.PKCS12.own), PASSWORD))
        .hasMessageContaining("trusts as 'leaf' a certificate that is no authority; import");
  }

  @Test
  void aKeyStoreWithoutKey() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", ROOT.certificate());
    save(Kind.PKCS12, store);

    opening(keyStore(Kind.PKCS12)).hasMessageContaining("holds no private key; export the key");
  }

  @Test
  void theKeyOfABundleComesFirst() throws Exception {
    Forged leaf = leaf(World.WEB);
    write("bundle.pem", pem(leaf) + keyPem(leaf.keys()));

    opening(source(Kind.BUNDLE))
        .hasMessageContaining("bundle.pem holds its key in block 2 (line 4), behind a certificate;")
        .hasMessageContaining("write the key first");
  }

  @Test
  void aBundleWithoutCertificate() throws Exception {
    write("bundle.pem", keyPem(Draft.ec("secp256r1")));

    opening(source(Kind.BUNDLE)).hasMessageContaining("bundle.pem holds no certificate; put");
  }

  @Test
  void intermediatesOfABundleAreShown() throws Exception {
    Forged intermediate = Draft.authority("intermediate").signedBy(ROOT);
    Forged leaf = Draft.leaf().signedBy(intermediate);
    write("bundle.pem", keyPem(leaf.keys()) + pem(leaf) + pem(intermediate));

    assertThat(world.open(source(Kind.BUNDLE)).health().status()).isEqualTo(Health.Status.UP);
  }

  @ParameterizedTest
  @CsvSource({"EC, 256", "RSA, 2048", "Ed25519, 0"})
  void encryptedKeysAreRead(String algorithm, int bits) throws Exception {
    Forged leaf = Draft.leaf().keys(Draft.keys(algorithm, bits)).signedBy(ROOT);
    write("web.pem", pem(leaf));
    write("web.key", encrypted(leaf.keys()));

    assertThat(world.open(pemFiles().keyPassword(PASSWORD)).health().status())
        .isEqualTo(Health.Status.UP);
  }

  @Test
  void theKeyOfABundleMayBeEncrypted() throws Exception {
    Forged leaf = leaf(World.WEB);
    write("bundle.pem", encrypted(leaf.keys()) + pem(leaf));
    CredentialBundle bundle = CredentialBundle.of(file("bundle.pem"), file("ca.pem"));

    assertThat(world.open(bundle.keyPassword(PASSWORD)).health().status())
        .isEqualTo(Health.Status.UP);
    opening(bundle).hasMessageContaining("is an encrypted key; give its password");
  }

  @Test
  void aWrongPasswordOfAKeyIsNotShown() throws Exception {
    Forged leaf = leaf(World.WEB);
    write("web.pem", pem(leaf));
    write("web.key", encrypted(leaf.keys()));

    opening(pemFiles().keyPassword(Password.from("wrong staple"::toCharArray)))
        .hasMessageContaining("web.key cannot be used: block 1 (line 1) cannot be decrypted")
        .hasMessageContaining("correct the password")
        .hasMessageNotContaining("staple")
        .satisfies(e -> assertThat(e).hasNoCause());
  }

  @Test
  void aPasswordOfElsewhereIsCopiedAndLeftAsItIs() throws Exception {
    put(Kind.PKCS12, leaf(World.WEB));
    char[] kept = SECRET.toCharArray();

    world.open(
        KeyStoreFile.pkcs12(file(Kind.PKCS12.own), Password.from(() -> kept))
            .authorities(file("ca.pem")));

    assertThat(new String(kept)).isEqualTo(SECRET);
  }

  @Test
  void aPasswordMayBeInAFileThatChangesWithTheKey() throws Exception {
    Forged leaf = leaf(World.WEB);
    write("web.pem", pem(leaf));
    write("web.key", encrypted(leaf.keys()));
    write("password", "wrong\n");
    PemFiles files = pemFiles().keyPassword(Password.file(file("password")));
    opening(files).hasMessageContaining("cannot be decrypted");

    write("password", SECRET + "\r\n");

    assertThat(world.open(files).health().status()).isEqualTo(Health.Status.UP);
    Files.delete(file("password"));
    opening(files).hasMessageContaining("password is missing; put the file there");
  }

  @ParameterizedTest
  @CsvSource({"EC, 256, EC PRIVATE KEY", "RSA, 2048, RSA PRIVATE KEY"})
  void olderFormsOfKeysAreRead(String algorithm, int bits, String label) throws Exception {
    Forged leaf = Draft.leaf().keys(Draft.keys(algorithm, bits)).signedBy(ROOT);
    String old =
        leaf.keys().getPrivate() instanceof ECPrivateKey ec
            // As openssl ecparam -genkey writes it: the curve comes first.
            ? Draft.pem("EC PARAMETERS", Draft.encoded(SECObjectIdentifiers.secp256r1))
                + Draft.pem(
                    label,
                    Draft.encoded(
                        new org.bouncycastle.asn1.sec.ECPrivateKey(
                            bits, ec.getS(), SECObjectIdentifiers.secp256r1)))
            : Draft.pem(
                label, new JcaMiscPEMGenerator(leaf.keys().getPrivate()).generate().getContent());
    write("web.pem", pem(leaf));
    write("web.key", old);

    assertThat(world.open(pemFiles()).health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void anOldKeyWithoutCurveSaysHowToConvertIt() throws Exception {
    write("web.pem", pem(leaf(World.WEB)));
    write("web.key", Draft.pem("EC PRIVATE KEY", new byte[] {0x30, 6, 2, 1, 1, 4, 1, 1}));

    opening(pemFiles())
        .hasMessageContaining("does not name its curve; convert it: openssl pkcs8 -topk8");
  }

  @Test
  void filesMayBeInDirectoriesOfTheirOwn() throws Exception {
    world.issue("web", World.WEB);
    Path files = world.files("web");
    write("elsewhere.pem", Files.readString(files.resolve("ca.crt")));

    MtlsIdentity web =
        world.open(
            PemFiles.of(files.resolve("tls.crt"), files.resolve("tls.key"), file("elsewhere.pem")));

    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void authoritiesAreFollowedWhenTheDirectoryOfTheIdentityIsGone() throws Exception {
    Path own = Files.createDirectory(directory.resolve("own"));
    Forged leaf = leaf(World.WEB);
    Files.writeString(own.resolve("bundle.pem"), keyPem(leaf.keys()) + pem(leaf));
    MtlsIdentity web = world.open(CredentialBundle.of(own.resolve("bundle.pem"), file("ca.pem")));
    Files.delete(own.resolve("bundle.pem"));
    Files.delete(own);
    Forged next = Draft.authority("next").selfSigned();
    write("ca.pem", pem(next));

    assertThatThrownBy(web::refresh).hasMessageContaining("does not exist; mount");

    assertThat(web.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .containsExactly(next.certificate());
  }

  @Test
  void aSuppliedCredentialIsAskedForAgain() {
    AtomicReference<Credential> held = new AtomicReference<>(credential(World.WEB));
    MtlsIdentity web = world.open(SuppliedCredential.by(held::get));

    held.set(credential(World.WEB + "2"));

    assertThat(web.refresh().principal()).hasToString("mtls:" + World.WEB + "2");
    assertThat(web.refresh().generation()).isEqualTo(2);
  }

  @Test
  void aSuppliedCredentialWhoseKeyDoesNotFit() {
    Credential wrong =
        Credential.of(leaf(World.WEB).with(), Draft.ec("secp256r1").getPrivate(), List.of(trust()));

    opening(SuppliedCredential.by(() -> wrong))
        .hasMessageContaining(
            "The supplied certificate does not belong to the key in the supplied");
  }

  @Test
  void aSuppliedKeyWithoutCertificate() {
    KeyPair keys = Draft.ec("secp256r1");

    opening(
            SuppliedCredential.by(
                () -> Credential.of(List.of(), keys.getPrivate(), List.of(trust()))))
        .hasMessageContaining("a private key without certificate; give both");
  }

  @Test
  void aDomainThatTheSourceNoLongerTrustsIsOut() {
    Forged other = Draft.authority("other").selfSigned();
    Forged leaf = leaf(World.WEB);
    TrustBundle b = TrustBundle.of("b.example", other.with());
    AtomicReference<List<TrustBundle>> trusted = new AtomicReference<>(List.of(trust(), b));
    MtlsIdentity web =
        world.open(
            SuppliedCredential.by(
                () -> Credential.of(leaf.with(), leaf.keys().getPrivate(), trusted.get())));
    assertThat(web.tls().orElseThrow().trustManager().getAcceptedIssuers()).hasSize(2);

    trusted.set(List.of(trust()));
    web.refresh();

    assertThat(web.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .containsExactly(ROOT.certificate());
  }

  @Test
  void anEndThatIsNearIsWarnedOfOnce() throws Exception {
    put(Kind.BUNDLE, leaf(World.WEB + "-late"));
    Rotation rotation = rotation(source(Kind.BUNDLE));
    try (var log = new HeardLog(Rotation.class, World.WEB + "-late")) {
      rotation.noticeTime();
      assertThat(log.warnings()).isEmpty();

      world.clock.advance(Duration.ofMinutes(50));
      rotation.noticeTime();
      write("ca.pem", pem(ROOT) + pem(Draft.authority("more").selfSigned()));
      rotation.refresh(false);
      rotation.noticeTime();

      assertThat(log.warnings())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("ends soon and was not replaced; renew it");
    }
  }

  private Rotation rotation(SourceProvider provider) {
    CertificateSource source = world.source(provider);
    CertificateProfile profile = CertificateProfile.of(null, "shop.example");
    return Rotation.open(
        source,
        FederatedBundles.of(Map.of(), "shop.example", null),
        new OwnCertificate(new PeerVerifier(profile), "shop.example", source.origin()),
        world.clock,
        new IdentityListeners(MechanismName.MTLS));
  }

  private BlockingQueue<IdentitySnapshot> rotations(MtlsIdentity identity) {
    var rotations = new LinkedBlockingQueue<IdentitySnapshot>();
    identity.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            rotations.add(current);
          }
        });
    return rotations;
  }

  private AbstractThrowableAssert<?, IdentityException> opening(SourceProvider source) {
    return assertThatThrownBy(() -> world.open(source))
        .asInstanceOf(InstanceOfAssertFactories.throwable(IdentityException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
  }

  private SourceProvider source(Kind kind) {
    return switch (kind) {
      case PEM -> pemFiles();
      case BUNDLE -> CredentialBundle.of(file("bundle.pem"), file("ca.pem"));
      case PKCS12, JKS -> keyStore(kind);
    };
  }

  private PemFiles pemFiles() {
    return PemFiles.of(file("web.pem"), file("web.key"), file("ca.pem"));
  }

  private KeyStoreFile keyStore(Kind kind) {
    Path file = file(kind.own);
    KeyStoreFile store =
        kind == Kind.PKCS12
            ? KeyStoreFile.pkcs12(file, PASSWORD)
            : KeyStoreFile.jks(file, PASSWORD);
    return store.authorities(file("ca.pem"));
  }

  private void put(Kind kind, Forged leaf) throws Exception {
    switch (kind) {
      case PEM -> {
        write("web.pem", pem(leaf));
        write("web.key", keyPem(leaf.keys()));
      }
      case BUNDLE -> write("bundle.pem", keyPem(leaf.keys()) + pem(leaf));
      default -> save(kind, store(leaf));
    }
  }

  private void storeTwoKeys(Kind kind) throws Exception {
    KeyStore store = store(leaf(World.WEB));
    Forged other = leaf(World.WEB + "-b");
    store.setKeyEntry(
        "b",
        other.keys().getPrivate(),
        SECRET.toCharArray(),
        new Certificate[] {other.certificate()});
    save(kind, store);
  }

  /** JKS is written as such, with the same entries. */
  private void save(Kind kind, KeyStore store) throws IOException, GeneralSecurityException {
    KeyStore written = store;
    if (kind == Kind.JKS && !store.getType().equals("JKS")) {
      written = KeyStore.getInstance("JKS");
      written.load(null, null);
      for (String alias : Collections.list(store.aliases())) {
        written.setKeyEntry(
            alias,
            store.getKey(alias, SECRET.toCharArray()),
            SECRET.toCharArray(),
            store.getCertificateChain(alias));
      }
    }
    Path unfinished = directory.resolve("unfinished");
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      written.store(out, SECRET.toCharArray());
    }
    move(unfinished, file(kind.own));
  }

  private Credential credential(String id) {
    Forged leaf = leaf(id);
    return Credential.of(leaf.with(), leaf.keys().getPrivate(), List.of(trust()));
  }

  private static TrustBundle trust() {
    return TrustBundle.of("shop.example", ROOT.with());
  }

  private static Forged leaf(String id) {
    return Draft.leaf().id(id).signedBy(ROOT);
  }

  private static String pem(Forged forged) {
    return Draft.pem("CERTIFICATE", Draft.der(forged.certificate()));
  }

  private static String keyPem(KeyPair keys) {
    return Draft.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private Path file(String name) {
    return directory.resolve("files").resolve(name);
  }

  /** In one step, except that a pair of files is two. */
  private void write(String name, String content) throws IOException {
    Files.createDirectories(file(name).getParent());
    move(Files.writeString(directory.resolve("unfinished"), content), file(name));
  }

  private static void move(Path unfinished, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
