// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationTest {
  private static final Forged ROOT =
      authority("root").keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign).selfSigned();
  private static final Forged WEB = leaf().signedBy(ROOT);
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

  @Test
  void nobodyIsAskedUnlessThatIsChosen() throws Exception {
    assertThat(verify(null)).isEqualTo(PrincipalId.parse(Draft.WEB));
  }

  @Test
  void aRevokedCertificateIsRefusedEitherWay() throws Exception {
    CertStore listing = store(List.of(list(TOMORROW, WEB)));

    assertThat(rejection(Revocation.hardFail().lists(listing)))
        .isEqualTo(CertificateRejection.REVOKED);
    assertThat(rejection(Revocation.softFail().lists(listing)))
        .isEqualTo(CertificateRejection.REVOKED);
    assertThat(CertificateRejection.REVOKED.remedy()).contains("another one issued for a new key");
  }

  @Test
  void aCertificateThatIsNotListedIsAccepted() throws Exception {
    CertStore empty = store(List.of(list(TOMORROW)));

    assertThat(verify(Revocation.hardFail().lists(empty))).isNotNull();
    assertThat(verify(Revocation.softFail().lists(empty))).isNotNull();
  }

  @Test
  void withoutAnyListAHardFailRefusesAndASoftFailAccepts() throws Exception {
    assertThat(rejection(Revocation.hardFail())).isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
    assertThat(CertificateRejection.REVOCATION_UNKNOWN.kind()).isEqualTo(Reason.Kind.UNDECIDED);
    assertThat(verify(Revocation.softFail())).isNotNull();
  }

  @Test
  void anOutdatedListSaysNothing() throws Exception {
    CertStore outdated = store(List.of(list(NOW.minus(Duration.ofHours(1)))));

    assertThat(rejection(Revocation.hardFail().lists(outdated)))
        .isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
    assertThat(verify(Revocation.softFail().lists(outdated))).isNotNull();
  }

  @Test
  void aListOfAnybodyElseSaysNothing() throws Exception {
    Forged other = authority("root").selfSigned();
    CertStore forged = store(List.of(list(other, TOMORROW)));

    assertThat(rejection(Revocation.hardFail().lists(forged)))
        .isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
  }

  @Test
  void settingsOfTheCheckerCannotSoftenAHardFail() {
    Revocation softened =
        Revocation.hardFail()
            .followingCertificates(checker -> checker.setOptions(Set.of(Option.SOFT_FAIL)));

    assertThat(rejection(softened)).isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
  }

  @Test
  void settingsOfTheCheckerCount() throws Exception {
    Forged below =
        authority("below").keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign).signedBy(ROOT);
    List<X509Certificate> chain = leaf().signedBy(below).with(below);
    Revocation whole = Revocation.hardFail().lists(store(List.of(list(below, TOMORROW))));
    Revocation leafOnly =
        whole.followingCertificates(checker -> checker.setOptions(Set.of(Option.ONLY_END_ENTITY)));

    assertThat(rejection(whole, chain)).isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
    assertThat(verify(leafOnly, chain)).isNotNull();
  }

  @Test
  void anAuthorityThatNobodyKnowsOfDoesNotHideARevokedLeaf() throws Exception {
    Forged below =
        authority("below").keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign).signedBy(ROOT);
    Forged web = leaf().signedBy(below);
    CertStore ofTheLeaf = store(List.of(list(below, TOMORROW, web)));

    assertThat(rejection(Revocation.softFail().lists(ofTheLeaf), web.with(below)))
        .isEqualTo(CertificateRejection.REVOKED);
  }

  @Test
  void aRevokedAuthorityRefusesItsLeaves() throws Exception {
    Forged below = authority("below").signedBy(ROOT);
    CertStore ofTheAuthority = store(List.of(list(TOMORROW, below)));

    assertThat(
            rejection(
                Revocation.softFail().lists(ofTheAuthority), leaf().signedBy(below).with(below)))
        .isEqualTo(CertificateRejection.REVOKED);
  }

  @Test
  void nobodyIsCalledWhomOnlyTheCertificateNamesUnlessThatIsChosen() throws Exception {
    try (Visited named = Visited.silent()) {
      List<X509Certificate> chain = naming(named).signedBy(ROOT).with();

      assertThat(verify(Revocation.softFail(), chain)).isNotNull();
      assertThat(rejection(Revocation.hardFail().lists(store(List.of())), chain))
          .isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
      assertThat(named.visits()).isZero();

      assertThat(verify(Revocation.softFail().followingCertificates(c -> {}), chain)).isNotNull();
      assertThat(named.visits()).isPositive();
    }
  }

  @Test
  void theResponderThatIsGivenIsAskedAndNoOther() throws Exception {
    try (Visited named = Visited.silent();
        Visited given = Visited.silent()) {
      List<X509Certificate> chain = naming(named).signedBy(ROOT).with();

      assertThat(rejection(Revocation.hardFail().ocsp(given.uri()), chain))
          .isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);

      assertThat(given.visits()).isPositive();
      assertThat(named.visits()).isZero();
    }
  }

  @Test
  void howeverManyAddressesThereAreTheyAreWaitedForOnce() throws Exception {
    try (Visited named = Visited.silent()) {
      List<X509Certificate> chain = naming(named).signedBy(ROOT).with();
      Revocation following = Revocation.hardFail().followingCertificates(c -> {});

      RefusedCertificateException refused =
          catchThrowableOfType(RefusedCertificateException.class, () -> verify(following, chain));

      assertThat(refused.rejection()).isEqualTo(CertificateRejection.REVOCATION_UNKNOWN);
      assertThat(refused.detail()).contains("no answer within 5 seconds");
    }
  }

  /** A leaf that names a responder and two distribution points, all at one address. */
  private static Draft naming(Visited place) {
    var points = new DistributionPoint[2];
    for (int i = 0; i < points.length; i++) {
      var name = new GeneralNames(Draft.uri(place.uri() + "/list" + i));
      points[i] = new DistributionPoint(new DistributionPointName(name), null, null);
    }
    var responder =
        new AuthorityInformationAccess(
            AccessDescription.id_ad_ocsp, Draft.uri(place.uri() + "/ocsp"));
    return leaf()
        .extension(Extension.authorityInfoAccess, false, Draft.encoded(responder))
        .extension(Extension.cRLDistributionPoints, false, Draft.encoded(new CRLDistPoint(points)));
  }

  /** A place that takes connections and says nothing. */
  private record Visited(ServerSocket socket, Queue<Socket> held, Thread thread)
      implements AutoCloseable {
    static Visited silent() throws IOException {
      var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var held = new ConcurrentLinkedQueue<Socket>();
      var thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    held.add(socket.accept());
                  }
                } catch (IOException closed) {
                  held.forEach(Visited::end);
                }
              });
      thread.setDaemon(true);
      thread.start();
      return new Visited(socket, held, thread);
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    int visits() {
      return held.size();
    }

    @Override
    public void close() throws Exception {
      socket.close();
      thread.join();
    }

    private static void end(Socket one) {
      try {
        one.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aCallerOnAnOpenConnectionIsRefusedAMinuteAfterItsRevocation(@TempDir Path directory)
      throws Exception {
    var lists = new CopyOnWriteArrayList<CRL>(List.of(list(TOMORROW)));
    try (World world = new World(directory)) {
      Forged orders = leaf().id(World.ORDERS).signedBy(ROOT);
      Path files = Files.createDirectories(world.files("orders"));
      write(files.resolve("tls.crt"), "CERTIFICATE", Draft.der(orders.certificate()));
      write(files.resolve("tls.key"), "PRIVATE KEY", orders.keys().getPrivate().getEncoded());
      write(files.resolve("ca.crt"), "CERTIFICATE", Draft.der(ROOT.certificate()));
      Revocation revocation = Revocation.hardFail().lists(store(lists));
      MtlsIdentity identity = world.open("orders", b -> b.revocation(revocation));
      assertThat(identity.callers().verify(evidence())).isInstanceOf(Verification.Verified.class);

      lists.set(0, list(TOMORROW, WEB));
      world.clock.advance(Revocation.GOOD_FOR);

      assertThat(identity.callers().verify(evidence()))
          .isInstanceOfSatisfying(
              Verification.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(CertificateRejection.REVOKED));
    }
  }

  private static CallerEvidence evidence() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return CallerEvidence.of(
            new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
        .peerCertificates(WEB.with());
  }

  private static PrincipalId verify(Revocation revocation) throws RefusedCertificateException {
    return verify(revocation, WEB.with());
  }

  private static PrincipalId verify(Revocation revocation, List<X509Certificate> chain)
      throws RefusedCertificateException {
    Map<String, TrustBundle> trust =
        Map.of("shop.example", TrustBundle.of("shop.example", ROOT.with()));
    return new PeerVerifier(new SvidProfile(), revocation)
        .verify(chain, PeerRole.CLIENT, trust, NOW)
        .principal();
  }

  private static CertificateRejection rejection(Revocation revocation) {
    return rejection(revocation, WEB.with());
  }

  private static CertificateRejection rejection(
      Revocation revocation, List<X509Certificate> chain) {
    return catchThrowableOfType(RefusedCertificateException.class, () -> verify(revocation, chain))
        .rejection();
  }

  static CertStore store(Collection<? extends CRL> lists) throws GeneralSecurityException {
    return CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists));
  }

  private static X509CRL list(Instant nextUpdate, Forged... revoked) throws Exception {
    return list(ROOT, nextUpdate, revoked);
  }

  static X509CRL list(Forged issuer, Instant nextUpdate, Forged... revoked)
      throws GeneralSecurityException, OperatorCreationException {
    var builder =
        new X509v2CRLBuilder(
            new X500Name(issuer.certificate().getSubjectX500Principal().getName()),
            Date.from(NOW.minus(Duration.ofHours(2))));
    builder.setNextUpdate(Date.from(nextUpdate));
    for (Forged one : revoked) {
      builder.addCRLEntry(one.certificate().getSerialNumber(), Date.from(NOW.minusSeconds(60)), 0);
    }
    return new JcaX509CRLConverter()
        .getCRL(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.keys().getPrivate())));
  }

  static void write(Path file, String label, byte[] der) throws Exception {
    Files.writeString(file, Draft.pem(label, der));
  }
}
