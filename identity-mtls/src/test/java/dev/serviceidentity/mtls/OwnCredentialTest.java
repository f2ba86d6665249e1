// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.SuppliedCredential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an own credential that nobody could work with. */
class OwnCredentialTest {
  private static final Forged LEAF = Draft.leaf().signedBy(HandMadeSource.ROOT);

  @TempDir Path directory;
  private World world;

  @BeforeEach
  void open() {
    world = new World(directory);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aKeyThatSignsNothingIsNotTakenForTheKeyOfAnother() {
    var credential = Credential.of(LEAF.with(), new Absent(), trusting("shop.example"));

    assertThatThrownBy(() -> world.open(SuppliedCredential.by(() -> credential)))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("the key in the supplied key does not sign; see the cause")
        .hasCauseInstanceOf(ProviderException.class);
  }

  @Test
  void aBundleUnderAnotherNameThanTheOwnTrustDomainIsAskedFor() {
    var credential = Credential.of(LEAF.with(), LEAF.keys().getPrivate(), trusting("Shop.Example"));

    MtlsIdentity web = world.open(SuppliedCredential.by(() -> credential));

    assertThat(web.health().detail())
        .contains("UNKNOWN_TRUST_DOMAIN")
        .endsWith("Let the supplied authorities have a bundle for shop.example.");
  }

  @Test
  void whoTrustsNobodyIsToldSo() {
    assertThatThrownBy(() -> Credential.of(LEAF.with(), LEAF.keys().getPrivate(), List.of()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("There are no authorities");
  }

  @Test
  void noCertificateIsAskedForWithoutALifetime() {
    CertificateRequest request = CertificateRequest.spiffe(World.WEB);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.lifetime(Duration.ZERO))
        .withMessageContaining("PT0S");
  }

  @Test
  void aTextOfAnIdentityNamesItsPrincipalUntilItIsClosed() {
    MtlsIdentity web = world.open(new HandMadeSource());
    assertThat(web).hasToString("MtlsIdentity[mtls:" + World.WEB + "]");

    web.close();

    assertThat(web).hasToString("MtlsIdentity[closed]");
  }

  private static List<TrustBundle> trusting(String trustDomain) {
    return List.of(TrustBundle.of(trustDomain, HandMadeSource.ROOT.with()));
  }

  /** A key in a token that has been taken out. */
  private static final class Absent implements PrivateKey {
    private static final long serialVersionUID = 1L;

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public @Nullable String getFormat() {
      return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
      return null;
    }
  }
}
