// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.pem.KeyPairs;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The key manager for stacks that take managers only. */
class MaterialKeyManagerTest {
  private static final Forged ROOT = Draft.authority("root").selfSigned();

  private final SettableClock clock = new SettableClock();
  private final AtomicReference<Material> current = new AtomicReference<>(material(1));
  private final MaterialKeyManager keys = new MaterialKeyManager(current::get, clock);

  @Test
  void twentyRotationsBetweenKeyAndChainTearNoPair() {
    String alias = keys.chooseServerAlias("EC", null, null);
    PrivateKey key = keys.getPrivateKey(alias);
    rotateTo(21);

    assertThat(KeyPairs.fit(key, keys.getCertificateChain(alias)[0].getPublicKey())).isTrue();
  }

  @Test
  void oldGenerationsAreForgottenInTheEnd() {
    String alias = keys.chooseServerAlias("EC", null, null);
    clock.advance(Duration.ofSeconds(61));
    rotateTo(65);

    assertThat(keys.getPrivateKey(alias)).isNull();
  }

  @Test
  void aGenerationOfTheLastMinuteIsKnownHoweverManyCameAfter() {
    String alias = keys.chooseServerAlias("EC", null, null);
    clock.advance(Duration.ofSeconds(60));
    rotateTo(65);

    assertThat(keys.getPrivateKey(alias)).isNotNull();
  }

  @Test
  void fewGenerationsStayKnownHoweverOld() {
    String alias = keys.chooseServerAlias("EC", null, null);
    clock.advance(Duration.ofHours(1));
    rotateTo(64);

    assertThat(keys.getPrivateKey(alias)).isNotNull();
  }

  @Test
  void aGenerationThatIsStillChosenCountsFromItsLastHandshake() {
    String alias = keys.chooseServerAlias("EC", null, null);
    clock.advance(Duration.ofMinutes(10));
    keys.chooseServerAlias("EC", null, null);
    clock.advance(Duration.ofSeconds(30));
    rotateTo(80);

    assertThat(keys.getPrivateKey(alias)).isNotNull();
  }

  @Test
  void aKeyOfAnotherTypeIsNotOffered() {
    assertThat(keys.chooseServerAlias("RSA", null, null)).isNull();
    assertThat(keys.chooseClientAlias(new String[] {"RSA", "EC"}, null, null)).isEqualTo("1");
  }

  @Test
  void strangeAliasesHaveNoKey() {
    assertThat(keys.getPrivateKey("../1")).isNull();
    assertThat(keys.getCertificateChain("99999999999999999999")).isNull();
  }

  /** With other handshakes on the way, which choose each generation. */
  private void rotateTo(int last) {
    for (int generation = 2; generation <= last; generation++) {
      current.set(material(generation));
      keys.chooseServerAlias("EC", null, null);
    }
  }

  private static Material material(long generation) {
    Forged leaf = Draft.leaf().signedBy(ROOT);
    return new Material(
        new IdentitySnapshot(
            PrincipalId.parse(Draft.WEB),
            leaf.certificate().getNotBefore().toInstant(),
            leaf.certificate().getNotAfter().toInstant(),
            generation),
        Credential.of(
            leaf.with(),
            leaf.keys().getPrivate(),
            List.of(TrustBundle.of("shop.example", ROOT.with()))),
        Map.of(),
        generation,
        Draft.NOW);
  }
}
