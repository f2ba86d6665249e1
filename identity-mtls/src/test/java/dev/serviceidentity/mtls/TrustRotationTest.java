// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whom to trust follows ca.crt, whatever the state of the own certificate. The tests spoil that one
 * first: the watch of the directory would take good files into use in between.
 */
class TrustRotationTest {
  @TempDir Path directory;
  private World world;
  private DevelopmentCa next;
  private MtlsIdentity orders;
  private IssuedCertificate intruder;

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    next = DevelopmentCa.create("shop.example", world.clock);
    orders = world.open("orders");
    intruder = world.ca.issue(LeafTemplate.spiffe(World.WEB).lifetime(Duration.ofDays(20)));
    assertThat(verify(intruder)).isInstanceOf(Verification.Verified.class);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aRemovedAuthorityIsOutWhenTheOwnCertificateHasExpired() {
    world.clock.advance(Duration.ofHours(2));
    world
        .ca
        .issue(
            LeafTemplate.spiffe(World.ORDERS)
                .notBefore(world.clock.instant().minus(Duration.ofDays(1))))
        .trusting(List.of(next.certificate()))
        .writeTo(world.files("orders"));

    refreshFails("EXPIRED");

    assertThat(refused(intruder)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(orders.health().status()).isEqualTo(Health.Status.DOWN);
    assertThatThrownBy(() -> orders.credentialsFor(Target.of(URI.create("https://stock.shop/"))))
        .isInstanceOf(IdentityException.class);
  }

  @Test
  void callersOfTheCurrentTrustAreVerifiedWhileTheOwnCertificateIsExpired() throws Exception {
    world.clock.advance(Duration.ofHours(2));
    trustOnlyTheNextAuthority();

    refreshFails("EXPIRED");

    assertThat(verify(next.issue(LeafTemplate.spiffe(World.WEB))))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void anExpiredCertificateIsNoGoodNewsAlsoWhenItIsTheOneInUse() throws Exception {
    world.clock.advance(Duration.ofHours(2));
    trustOnlyTheNextAuthority();

    refreshFails("EXPIRED");
    refreshFails("EXPIRED");
  }

  @Test
  void aRemovedAuthorityIsOutWhenTheOwnKeyIsAnother() throws Exception {
    byte[] other = Draft.ec("secp256r1").getPrivate().getEncoded();
    write("tls.key", Draft.pem("PRIVATE KEY", other));
    trustOnlyTheNextAuthority();

    refreshFails("does not belong to the key");

    assertThat(refused(intruder)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  void aRemovedAuthorityIsOutWhenTheOwnCertificateIsNoPem() throws Exception {
    write("tls.crt", "-----BEGIN CERTIFICATE-----\n");
    trustOnlyTheNextAuthority();

    refreshFails("tls.crt");

    assertThat(refused(intruder)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  void aRemovedAuthorityIsOutWhenTheOwnKeyIsMissing() throws Exception {
    Files.delete(version().resolve("tls.key"));
    trustOnlyTheNextAuthority();

    refreshFails("tls.key");

    assertThat(refused(intruder)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  void nobodyHasToAsk() throws Exception {
    var rotated = new CompletableFuture<IdentitySnapshot>();
    orders.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            rotated.complete(current);
          }
        });
    Files.delete(version().resolve("tls.key"));

    trustOnlyTheNextAuthority();

    assertThat(rotated.get(60, TimeUnit.SECONDS).generation()).isEqualTo(2);
    assertThat(refused(intruder)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  void handshakesFollowAndSessionsOfTheOldTrustEnd() throws Exception {
    TlsMaterial tls = orders.tls().orElseThrow();
    SSLSessionContext before = tls.sslContext().getServerSessionContext();
    Files.delete(version().resolve("tls.key"));
    trustOnlyTheNextAuthority();

    refreshFails("tls.key");

    X509Certificate[] chain = intruder.chain().toArray(X509Certificate[]::new);
    assertThatThrownBy(() -> tls.trustManager().checkClientTrusted(chain, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    assertThat(tls.sslContext().getServerSessionContext()).isNotSameAs(before);
  }

  @Test
  void theOwnCertificateStaysInUseAndHealthSaysWhatIsWrong() throws Exception {
    IdentitySnapshot before = orders.current();
    Files.delete(version().resolve("tls.key"));
    trustOnlyTheNextAuthority();

    refreshFails("tls.key");
    refreshFails("tls.key");

    assertThat(orders.current())
        .isEqualTo(
            new IdentitySnapshot(before.principal(), before.notBefore(), before.expiresAt(), 2));
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(orders.health().detail()).contains("tls.key");
  }

  @Test
  void goodFilesThenGiveTheNextGeneration() throws Exception {
    Files.delete(version().resolve("tls.key"));
    trustOnlyTheNextAuthority();
    refreshFails("tls.key");

    next.issue(World.template(World.ORDERS)).writeTo(world.files("orders"));

    assertThat(orders.refresh().generation()).isEqualTo(3);
    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void trustThatCannotBeReadStays() throws Exception {
    Files.delete(version().resolve("tls.key"));
    write("ca.crt", "-----BEGIN CERTIFICATE-----\n");

    refreshFails("tls.key");

    assertThat(orders.current().generation()).isEqualTo(1);
    assertThat(verify(intruder)).isInstanceOf(Verification.Verified.class);
  }

  private void refreshFails(String says) {
    assertThatThrownBy(orders::refresh)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(says);
  }

  private void trustOnlyTheNextAuthority() throws IOException {
    write("ca.crt", Draft.pem("CERTIFICATE", Draft.der(next.certificate())));
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(version().resolve(name), content);
  }

  private Path version() throws IOException {
    return world.files("orders").resolve("..data").toRealPath();
  }

  private Verification verify(IssuedCertificate caller) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return orders
        .callers()
        .verify(
            CallerEvidence.of(
                    new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
                .peerCertificates(caller.chain()));
  }

  private Object refused(IssuedCertificate caller) {
    Verification seen = verify(caller);
    return seen instanceof Verification.Rejected rejected ? rejected.reason() : seen;
  }
}
