// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownCallersTest {
  private static final X509Certificate ANY = Draft.leaf().selfSigned().certificate();
  private static final VerifiedPeer WEB =
      new VerifiedPeer(PrincipalId.parse(World.WEB), NOW.plus(Duration.ofDays(9)));
  private static final VerifiedPeer ORDERS =
      new VerifiedPeer(PrincipalId.parse(World.ORDERS), NOW.plus(Duration.ofDays(9)));

  private final KnownCallers known = KnownCallers.under(null);

  @Test
  void aCallerIsFoundByItsCertificate() {
    Caller web = known.learn(leaf(1), WEB, 1, NOW);

    assertThat(known.find(leaf(1), 1, NOW)).isSameAs(web);
    assertThat(known.find(leaf(2), 1, NOW)).isNull();
  }

  @Test
  void nobodyIsKnownInTheNextGeneration() {
    known.learn(leaf(1), WEB, 1, NOW);
    assertThat(known.find(leaf(1), 2, NOW)).isNull();

    known.learn(leaf(2), ORDERS, 2, NOW);

    assertThat(known.find(leaf(1), 2, NOW)).isNull();
    assertThat(known.find(leaf(1), 1, NOW)).isNull();
  }

  @Test
  void aSlowHandshakeOfAnEarlierGenerationChangesNothing() {
    known.learn(leaf(1), WEB, 2, NOW);
    known.learn(leaf(2), ORDERS, 1, NOW);

    assertThat(known.find(leaf(1), 2, NOW)).isNotNull();
    assertThat(known.find(leaf(2), 2, NOW)).isNull();
  }

  @Test
  void nobodyIsKnownAfterTheEndOfTheCertificate() {
    var brief = new VerifiedPeer(PrincipalId.parse(World.WEB), NOW.plusSeconds(5));
    known.learn(leaf(1), brief, 1, NOW);

    assertThat(known.find(leaf(1), 1, NOW.plusSeconds(4))).isNotNull();
    assertThat(known.find(leaf(1), 1, NOW.plusSeconds(5))).isNull();
  }

  @Test
  void everybodyIsVerifiedAgainAfterADayAndWithRevocationAfterAMinute() {
    KnownCallers revocable = KnownCallers.under(Revocation.softFail());
    known.learn(leaf(1), WEB, 1, NOW);
    revocable.learn(leaf(1), WEB, 1, NOW);

    assertThat(revocable.find(leaf(1), 1, NOW.plusSeconds(59))).isNotNull();
    assertThat(revocable.find(leaf(1), 1, NOW.plusSeconds(60))).isNull();
    assertThat(known.find(leaf(1), 1, NOW.plus(Duration.ofHours(23)))).isNotNull();
    assertThat(known.find(leaf(1), 1, NOW.plus(Duration.ofDays(1)))).isNull();
  }

  @Test
  void whoeverFillsItPushesOutOnlyThemselves() {
    List<X509Certificate> others = new ArrayList<>();
    for (int i = 0; i < KnownCallers.MOST / 4; i++) {
      others.add(leaf(-1 - i));
      known.learn(others.get(i), ORDERS, 1, NOW);
    }

    int many = 3 * KnownCallers.MOST;
    for (int i = 0; i < many; i++) {
      known.learn(leaf(i), WEB, 1, NOW);
    }

    assertThat(others).allSatisfy(leaf -> assertThat(known.find(leaf, 1, NOW)).isNotNull());
    long left = 0;
    for (int i = 0; i < many; i++) {
      left += known.find(leaf(i), 1, NOW) == null ? 0 : 1;
    }
    assertThat(left).isBetween(1L, (long) KnownCallers.MOST - others.size());
  }

  /** An authority can name as many workloads of its own domain as it likes. */
  @Test
  void aTrustDomainOfManyNamesPushesOutOnlyItself() {
    List<X509Certificate> ours = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ours.add(leaf(-1 - i));
      known.learn(ours.get(i), ORDERS, 1, NOW);
    }

    int many = 3 * KnownCallers.MOST;
    for (int i = 0; i < many; i++) {
      PrincipalId partner = PrincipalId.parse("spiffe://partner.example/" + i);
      known.learn(leaf(i), new VerifiedPeer(partner, NOW.plus(Duration.ofDays(9))), 1, NOW);
    }

    assertThat(ours).allSatisfy(leaf -> assertThat(known.find(leaf, 1, NOW)).isNotNull());
    assertThat(known.find(leaf(many - 1), 1, NOW)).isNotNull();
  }

  @Test
  void certificatesThatHaveEndedMakeRoomFirst() {
    var brief = new VerifiedPeer(PrincipalId.parse(World.WEB), NOW.plusSeconds(5));
    for (int i = 0; i < KnownCallers.MOST - 1; i++) {
      known.learn(leaf(i), brief, 1, NOW);
    }
    known.learn(leaf(-1), WEB, 1, NOW);

    known.learn(leaf(-2), WEB, 1, NOW.plusSeconds(5));

    assertThat(known.find(leaf(-1), 1, NOW.plusSeconds(5))).isNotNull();
    assertThat(known.find(leaf(-2), 1, NOW.plusSeconds(5))).isNotNull();
  }

  /** Scattered, so that no map has the certificates of one caller side by side. */
  private static X509Certificate leaf(int number) {
    int scattered = number * 0x9e3779b1;
    return new SentAs(ANY, ByteBuffer.allocate(Integer.BYTES).putInt(scattered).array());
  }
}
