// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who speaks for others, as {@code ForwardedCallers} says, on evidence of servlet requests. */
class ForwardedIdentityTest {
  private static final String GATEWAY = "spiffe://shop.example/ns/edge/sa/gateway";
  private static final String BATCH = "spiffe://shop.example/ns/shop/sa/batch";
  private static final String WEB_BY_GATEWAY =
      "X-Forwarded-Client-Cert: By=" + GATEWAY + ";URI=" + Shop.WEB;

  @TempDir Path directory;
  private Shop shop;
  private MtlsIdentity orders;
  private ServiceIdentity identity;
  private Seen seen;

  @BeforeEach
  void open() {
    shop = new Shop(directory.resolve("orders"));
    orders =
        shop.orders()
            .forwarded(ForwardedCallers.builder().xForwardedClientCertFrom(GATEWAY).build())
            .open();
    identity = Shop.admittingAll(orders);
    seen = new Seen(ContainerEvidence.detecting(identity), identity);
  }

  @AfterEach
  void close() {
    identity.close();
    orders.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTrustedProxySpeaksForItsCallers(Servers container) throws Exception {
    assertThat(answer(container, shop.client(GATEWAY), WEB_BY_GATEWAY))
        .isEqualTo("mtls:" + Shop.WEB);
  }

  @ParameterizedTest
  @EnumSource
  void aTrustedProxyDoesNotSpeakForItself(Servers container) throws Exception {
    assertThat(answer(container, shop.client(GATEWAY))).isEqualTo("NOT_FORWARDED");
  }

  @ParameterizedTest
  @EnumSource
  void twoLinesOfATrustedProxyAreRefused(Servers container) throws Exception {
    assertThat(answer(container, shop.client(GATEWAY), WEB_BY_GATEWAY, WEB_BY_GATEWAY))
        .isEqualTo("SEVERAL_LINES");
  }

  @ParameterizedTest
  @EnumSource
  void anybodyElseIsItselfWhateverItSends(Servers container) throws Exception {
    assertThat(answer(container, shop.client(BATCH), WEB_BY_GATEWAY)).isEqualTo("mtls:" + BATCH);
  }

  @ParameterizedTest
  @EnumSource
  void whoProvesNothingIsNobodyWhateverItSends(Servers container) throws Exception {
    assertThat(answer(container, shop.anonymous(), WEB_BY_GATEWAY, "X-Forwarded-For: 127.0.0.6"))
        .isEqualTo("NO_CREDENTIALS");
  }

  private String answer(Servers container, SSLContext client, String... lines) throws Exception {
    try (var server = container.start(directory, seen, List.of(), orders.tls().orElseThrow());
        Wire wire = Wire.tls(server.port(), client)) {
      return wire.get(lines);
    }
  }
}
