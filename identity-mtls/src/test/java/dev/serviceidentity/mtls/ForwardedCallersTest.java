// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.ForwardedRequests.BY;
import static dev.serviceidentity.mtls.ForwardedRequests.CHAIN;
import static dev.serviceidentity.mtls.ForwardedRequests.CLIENT_CERT;
import static dev.serviceidentity.mtls.ForwardedRequests.GATEWAY;
import static dev.serviceidentity.mtls.ForwardedRequests.GOOD;
import static dev.serviceidentity.mtls.ForwardedRequests.L5D;
import static dev.serviceidentity.mtls.ForwardedRequests.XFCC;
import static dev.serviceidentity.mtls.ForwardedRequests.escaped;
import static dev.serviceidentity.mtls.ForwardedRequests.field;
import static dev.serviceidentity.mtls.ForwardedRequests.sha256;
import static dev.serviceidentity.mtls.World.ORDERS;
import static dev.serviceidentity.mtls.World.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import dev.serviceidentity.mtls.forwarded.ForwardedRejection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardedCallersTest {
  @TempDir Path directory;
  private ForwardedRequests requests;

  @BeforeEach
  void open() throws Exception {
    requests = new ForwardedRequests(directory);
  }

  @AfterEach
  void close() throws Exception {
    requests.close();
  }

  @Test
  void aForwardedCertificateIsVerifiedAndItsCallerNamesTheProxy() {
    String value = BY + ";Cert=\"" + escaped(leaf()) + "\";URI=" + WEB;
    Caller caller = requests.caller(requests.fromGateway(XFCC, value));
    assertThat(caller.principal().nativeName()).isEqualTo(WEB);
    assertThat(caller.attributes()).containsEntry("forwarded-proof", "certificate");
    assertThat(caller.expiresAt()).isEqualTo(leaf().getNotAfter().toInstant());
    assertThat(caller.fingerprint()).contains("sha256:" + sha256(leaf()));
    assertThat(caller.forwardedBy()).get().hasToString("mtls:" + GATEWAY);
    Forwarder.Proxy proxy = (Forwarder.Proxy) caller.forwardedBy().orElseThrow();
    assertThat(proxy.caller().fingerprint()).isPresent();
  }

  @Test
  void aNameAloneIsTheProxysWordAndEndsAfterAMinute() {
    String hash = sha256(leaf());
    Caller caller = requests.caller(requests.fromGateway(XFCC, GOOD + ";Hash=" + hash));
    assertThat(caller.attributes()).containsEntry("forwarded-proof", "assertion");
    assertThat(caller.fingerprint()).contains("sha256:" + hash);
    assertThat(caller.expiresAt()).isEqualTo(requests.world.clock.instant().plusSeconds(60));
  }

  @Test
  void aClientCertWithItsChainIsVerified() {
    CallerEvidence evidence =
        requests.fromNginx(
            CLIENT_CERT, field(leaf()), CHAIN, field(requests.world.ca.certificate()));
    Caller caller = requests.caller(evidence);
    assertThat(caller.principal().nativeName()).isEqualTo(WEB);
    assertThat(caller.attributes()).containsEntry("forwarded-proof", "certificate");
  }

  @Test
  void aCallerThroughASidecarIsMarkedAsSuch() {
    Caller istio =
        requests.caller(ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + WEB));
    Caller linkerd = requests.caller(ForwardedRequests.from("127.0.0.7", L5D, WEB));
    assertThat(istio.forwardedBy()).get().hasToString("sidecar 127.0.0.6");
    assertThat(linkerd.forwardedBy()).get().hasToString("sidecar 127.0.0.7");
    assertThat(linkerd.principal().nativeName()).isEqualTo(WEB);
  }

  @Test
  void aDnsNameOfLinkerdIsAnIdentityWhereThatIsChosen() throws Exception {
    String name = "web.shop.serviceaccount.identity.linkerd.cluster.local";
    requests.world.ca.issue(LeafTemplate.dnsName("orders.shop")).writeTo(requests.world.files("d"));
    var trusted =
        ForwardedCallers.builder()
            .trustLinkerdSidecarOn(InetAddress.getByName("127.0.0.7"))
            .build();
    MtlsIdentity orders =
        requests.world.open("d", builder -> builder.dnsNames().forwarded(trusted));
    CallerEvidence evidence = ForwardedRequests.from("127.0.0.7", L5D, name);
    assertThat(orders.callers().verify(evidence).orElseThrow().principal())
        .hasToString("mtls:dns:" + name + "@shop.example");
    requests.refused(evidence, CertificateRejection.NO_URI_NAME, "SPIFFE ID");
  }

  /** A semicolon in the one kind makes a name of the other kind, and Envoy escapes neither. */
  @Test
  void aPlainNameBesideOneOfAnotherKindNeedsTheCertificate() {
    IssuedCertificate web = requests.world.ca.issue(LeafTemplate.dnsName("web.shop"));
    IssuedCertificate edge = requests.world.ca.issue(LeafTemplate.dnsName("edge.shop"));
    requests.world.ca.issue(LeafTemplate.dnsName("orders.shop")).writeTo(requests.world.files("d"));
    String by = "https://edge.shop/";
    var trusted =
        ForwardedCallers.builder()
            .xForwardedClientCertFrom("mtls:dns:edge.shop@shop.example", by)
            .build();
    MtlsIdentity orders = requests.world.open("d", it -> it.dnsNames().forwarded(trusted));

    ForwardedRequests.refused(
        orders,
        ForwardedRequests.from("10.1.0.5", XFCC, "By=" + by + ";URI=https://m.shop/;DNS=web.shop")
            .peerCertificates(edge.chain()),
        CertificateRejection.NAMES_OF_TWO_KINDS,
        "pass on Cert");
    String cert = ";Cert=\"" + escaped(web.chain().get(0)) + "\"";
    for (String names : new String[] {";URI=;DNS=web.shop", cert}) {
      CallerEvidence good =
          ForwardedRequests.from("10.1.0.5", XFCC, "By=" + by + names)
              .peerCertificates(edge.chain());
      assertThat(orders.callers().verify(good).orElseThrow().principal())
          .hasToString("mtls:dns:web.shop@shop.example");
    }
  }

  @Test
  void aSidecarsAddressOnAnotherConnectionIsNobodys() {
    CallerEvidence remote = ForwardedRequests.from("10.1.0.8", L5D, WEB);
    assertThat(requests.orders.callers().claims(remote)).isFalse();
    assertThat(rejection(remote)).isEqualTo(RefusalReason.NO_CREDENTIALS);
    CallerEvidence loopback =
        ForwardedRequests.from("127.0.0.1", XFCC, "By=" + ORDERS + ";URI=" + WEB);
    assertThat(requests.orders.callers().claims(loopback)).isFalse();
  }

  @Test
  void aSidecarThatForwardsNothingClaimsNothing() {
    CallerEvidence plain = ForwardedRequests.from("127.0.0.6");
    assertThat(requests.orders.callers().claims(plain)).isFalse();
    assertThat(rejection(plain)).isEqualTo(RefusalReason.NO_CREDENTIALS);
  }

  @Test
  void aForwardedCertificateIsHeldToTheRulesForPeers() {
    IssuedCertificate brief =
        requests.world.ca.issue(LeafTemplate.spiffe(WEB).lifetime(Duration.ofMinutes(5)));
    IssuedCertificate foreign =
        DevelopmentCa.create("shop.example", requests.world.clock).issue(LeafTemplate.spiffe(WEB));
    CallerEvidence evidence = requests.fromNginx(CLIENT_CERT, field(brief.chain().get(0)));
    assertThat(requests.name(evidence)).isEqualTo(WEB);
    requests.world.clock.advance(Duration.ofMinutes(5));
    requests.refused(evidence, CertificateRejection.EXPIRED, "not renewed");
    requests.refused(
        requests.fromNginx(CLIENT_CERT, field(foreign.chain().get(0))),
        CertificateRejection.UNTRUSTED_ISSUER,
        "ca.crt");
  }

  @Test
  void aForwardedNameOfAnotherTrustDomainIsRefused() {
    requests.refused(
        requests.fromGateway(XFCC, BY + ";URI=spiffe://elsewhere.example/x"),
        CertificateRejection.UNKNOWN_TRUST_DOMAIN,
        "trust domain");
  }

  @Test
  void namesThatAreNotTheCertificatesAreRefused() {
    requests.refused(
        requests.fromGateway(XFCC, GOOD + "x;Cert=\"" + escaped(leaf()) + "\""),
        ForwardedRejection.NAMES_DIFFER,
        "attack");
  }

  @Test
  void bytesBehindACertificateAreRefused() {
    String text = field(leaf());
    byte[] der = Draft.der(leaf());
    byte[] longer = Arrays.copyOf(der, der.length + 1);
    String trailing = ":" + Base64.getEncoder().encodeToString(longer) + ":";
    assertThat(requests.name(requests.fromNginx(CLIENT_CERT, text))).isEqualTo(WEB);
    requests.refused(
        requests.fromNginx(CLIENT_CERT, trailing),
        ForwardedRejection.CERTIFICATE_UNREADABLE,
        "as it got it");
    requests.refused(
        requests.fromNginx(CLIENT_CERT, text + ";a=1"),
        ForwardedRejection.MALFORMED_FIELD,
        "without parameters");
  }

  @Test
  void aProxyThatIsItselfRefusedForwardsNobody() throws Exception {
    CallerEvidence evidence = requests.fromGateway(XFCC, GOOD);
    requests.world.clock.advance(Duration.ofDays(400));
    assertThat(rejection(evidence)).isEqualTo(CertificateRejection.EXPIRED);
    assertThat(requests.orders.callers().ignored(evidence)).hasSize(1);
  }

  @Test
  void nobodyIsTrustedByDefault() {
    MtlsIdentity plain = requests.world.open("orders");
    CallerEvidence evidence = requests.fromGateway(XFCC, GOOD);
    assertThat(plain.callers().verify(evidence).orElseThrow().principal().nativeName())
        .isEqualTo(GATEWAY);
    assertThat(plain.callers().ignored(evidence)).hasSize(1);
    assertThat(plain.callers().claims(ForwardedRequests.from("127.0.0.6", L5D, WEB))).isFalse();
  }

  @Test
  void ourOwnClientsSendNoForwardingHeader() {
    var names = new ArrayList<String>();
    requests
        .orders
        .credentialsFor(Target.of(URI.create("https://web.shop")))
        .applyTo((name, value) -> names.add(name));
    assertThat(names).isEmpty();
  }

  @Test
  void aProxyOrSidecarIsConfiguredForOneHeaderOnly() throws Exception {
    var builder = ForwardedCallers.builder().clientCertFrom(GATEWAY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.xForwardedClientCertFrom(GATEWAY))
        .withMessageContaining("one header");
    InetAddress istio = InetAddress.getByName("127.0.0.6");
    builder.trustSidecarOn(istio);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.trustLinkerdSidecarOn(istio));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.trustSidecarOn(InetAddress.getByName("0.0.0.0")))
        .withMessageContaining("127.0.0.6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.xForwardedClientCertFrom("mtls:dns:edge.shop@shop.example"))
        .withMessageContaining("By");
  }

  @Test
  void aProxyMayEndTlsUnderAnotherNameThatIsConfigured() {
    String gate = "https://gate.example";
    var trusted = ForwardedCallers.builder().xForwardedClientCertFrom(GATEWAY, gate).build();
    MtlsIdentity orders = requests.world.open("orders", builder -> builder.forwarded(trusted));
    CallerEvidence evidence = requests.fromGateway(XFCC, "By=" + gate + ";URI=" + WEB);
    assertThat(orders.callers().verify(evidence).orElseThrow().forwardedBy()).isPresent();
    assertThat(orders.callers().verify(requests.fromGateway(XFCC, GOOD)))
        .isInstanceOf(Verification.Rejected.class);
  }

  @Test
  void afterClosingNobodyIsForwarded() {
    CallerEvidence sidecar =
        ForwardedRequests.from("127.0.0.6", XFCC, "By=" + ORDERS + ";URI=" + WEB);
    requests.orders.close();
    assertThat(rejection(sidecar)).isEqualTo(RefusalReason.CLOSED);
  }

  private Object rejection(CallerEvidence evidence) {
    return ((Verification.Rejected) requests.orders.callers().verify(evidence)).reason();
  }

  private X509Certificate leaf() {
    return requests.web.chain().get(0);
  }
}
