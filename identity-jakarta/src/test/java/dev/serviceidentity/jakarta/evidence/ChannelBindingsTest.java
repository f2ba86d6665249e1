// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kerberos callers of a service that wants each token bound to the TLS that it came by. */
class ChannelBindingsTest {
  private static final String WEB = "kerberos:web@SHOP.EXAMPLE";
  private static final String MISMATCH = "CHANNEL_BINDING_MISMATCH";

  @TempDir Path directory;
  private EmbeddedKdc kdc;
  private Shop shop;
  private X509Certificate first;
  private MtlsIdentity orders;
  private KerberosIdentity acceptor;
  private KerberosIdentity web;
  private ServiceIdentity identity;
  private Servers.Running server;

  @BeforeEach
  void open() {
    kdc = EmbeddedKdc.start("SHOP.EXAMPLE");
    kdc.principal("HTTP/localhost");
    kdc.principal("web");
    shop = new Shop(directory.resolve("orders"));
    first = shop.rotate();
    orders = shop.orders().open();
    acceptor =
        KerberosIdentity.builder()
            .principal("HTTP/localhost@SHOP.EXAMPLE")
            .keytab(kdc.keytab(directory.resolve("orders.keytab"), "HTTP/localhost"))
            .acceptOnly()
            .channelBindings(ChannelBindingPolicy.REQUIRE)
            .open();
    web =
        KerberosIdentity.builder()
            .principal("web@SHOP.EXAMPLE")
            .keytab(kdc.keytab(directory.resolve("web.keytab"), "web"))
            .krb5Conf(kdc.krb5Conf())
            .open();
    identity =
        ServiceIdentity.builder()
            .mechanism(orders)
            .mechanism(acceptor)
            .trustIdentityAlone()
            .allowAnyAuthenticated()
            .open();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    identity.close();
    web.close();
    acceptor.close();
    orders.close();
    kdc.close();
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionFromBeforeARotationKeepsItsBinding(Servers container) throws Exception {
    start(container, ProxyPolicy.none(), orders.tls().orElseThrow());
    try (Wire kept = tls()) {
      assertThat(kept.get(boundTo(first))).isEqualTo(WEB);
      X509Certificate second = shop.rotate();
      orders.refresh();
      assertThat(kept.get(boundTo(first))).isEqualTo(WEB);
      assertThat(kept.get(boundTo(second))).isEqualTo(MISMATCH);
      try (Wire fresh = tls()) {
        assertThat(fresh.get(boundTo(second))).isEqualTo(WEB);
        assertThat(fresh.get(boundTo(first))).isEqualTo(MISMATCH);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResumedSessionHasTheBindingOfTheCertificateThatItWasMadeWith(Servers container)
      throws Exception {
    start(container, ProxyPolicy.none(), orders.tls().orElseThrow());
    SSLContext client = shop.anonymous();
    for (int i = 0; i < 3; i++) {
      try (Wire again = Wire.tls(server.port(), client)) {
        assertThat(again.get(boundTo(first))).isEqualTo(WEB);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenBoundToAForeignCertificateOrToNoneIsRefused(Servers container) throws Exception {
    start(container, ProxyPolicy.none(), orders.tls().orElseThrow());
    try (Wire wire = tls()) {
      assertThat(wire.get(boundTo(foreign()))).isEqualTo(MISMATCH);
      assertThat(wire.get(authorization(target()))).isEqualTo("CHANNEL_BINDING_MISSING");
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutTlsNoBindingIsTheRightOne(Servers container) throws Exception {
    start(container, ProxyPolicy.none(), null);
    try (Wire plain = Wire.plain(server.port())) {
      assertThat(plain.get(boundTo(first), "X-Forwarded-Proto: https"))
          .isEqualTo("CHANNEL_BINDING_MISSING");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProxysCertificateCountsWhereAPolicyNamesIt(Servers container) throws Exception {
    X509Certificate proxys = foreign();
    start(container, ProxyPolicy.tlsEndedWith(() -> List.of(proxys)), orders.tls().orElseThrow());
    try (Wire wire = tls()) {
      assertThat(wire.get(boundTo(proxys))).isEqualTo(WEB);
      assertThat(wire.get(boundTo(first))).isEqualTo(WEB);
      assertThat(wire.get(boundTo(foreign()))).isEqualTo(MISMATCH);
    }
  }

  @Test
  void behindAProxyWithoutTlsOnlyItsCertificateCounts() throws Exception {
    X509Certificate proxys = foreign();
    start(Servers.TOMCAT, ProxyPolicy.tlsEndedWith(() -> List.of(proxys)), null);
    try (Wire wire = Wire.plain(server.port())) {
      assertThat(wire.get(boundTo(proxys))).isEqualTo(WEB);
      assertThat(wire.get(boundTo(first))).isEqualTo(MISMATCH);
    }
  }

  /** Of a TLS implementation that tells certificates of peers and nothing else. */
  @Test
  void whereTheConnectionDoesNotTellAllCertificatesOfLateCount() throws Exception {
    var evidence = ContainerEvidence.detecting(identity);
    X509Certificate second = shop.rotate();
    orders.refresh();
    server = Taciturn.start(directory, new Seen(evidence, identity), orders.tls().orElseThrow());
    try (Wire wire = tls()) {
      assertThat(wire.get(boundTo(first))).isEqualTo(WEB);
      assertThat(wire.get(boundTo(second))).isEqualTo(WEB);
      assertThat(wire.get(boundTo(foreign()))).isEqualTo(MISMATCH);
    }
  }

  private void start(Servers container, ProxyPolicy policy, TlsMaterial tls) throws Exception {
    var seen = new Seen(ContainerEvidence.detecting(identity, policy), identity);
    server = container.start(directory, seen, List.of(), tls);
  }

  private Wire tls() throws Exception {
    return Wire.tls(server.port(), shop.anonymous());
  }

  /** A certificate of the same authority and name that this service has never shown. */
  private X509Certificate foreign() {
    return shop.issue(Shop.ORDERS).chain().get(0);
  }

  private String boundTo(X509Certificate certificate) {
    return authorization(target().channelBinding(ChannelBinding.tlsServerEndPoint(certificate)));
  }

  private Target target() {
    return Target.of(URI.create("https://localhost:" + server.port() + "/"));
  }

  private String authorization(Target target) {
    var lines = new ArrayList<String>();
    web.credentialsFor(target).applyTo((name, value) -> lines.add(name + ": " + value));
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }
}
