// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates judged alike, whichever way they come. */
class SameJudgementTest {
  private static final Forged ROOT = HandMadeSource.ROOT;

  @TempDir Path directory;
  private World world;
  private MtlsIdentity orders;

  @BeforeEach
  void open() {
    world = new World(directory);
    orders =
        world.open(
            "orders",
            builder ->
                builder
                    .source(new HandMadeSource())
                    .forwarded(
                        ForwardedCallers.builder()
                            .xForwardedClientCertFrom(ForwardedRequests.GATEWAY)
                            .build()));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aNameThatTheJdkDropsDoesNoHarmToAGoodOneBehindAGatewayEither() {
    Forged web =
        Draft.leaf()
            .names(false, Draft.uri(World.WEB), new GeneralName(GeneralName.rfc822Name, "x@"))
            .signedBy(ROOT);
    Forged gateway = Draft.leaf().id(ForwardedRequests.GATEWAY).signedBy(ROOT);
    String element =
        ForwardedRequests.BY
            + ";Cert=\""
            + ForwardedRequests.escaped(web.certificate())
            + "\";URI="
            + World.WEB;

    assertThat(
            orders
                .callers()
                .verify(ForwardedRequests.from("10.1.0.7").peerCertificates(web.with()))
                .orElseThrow()
                .principal())
        .hasToString("mtls:" + World.WEB);
    assertThat(
            orders
                .callers()
                .verify(
                    ForwardedRequests.from("10.1.0.5", ForwardedRequests.XFCC, element)
                        .peerCertificates(gateway.with()))
                .orElseThrow()
                .principal())
        .hasToString("mtls:" + World.WEB);
  }

  @Test
  void aHandshakeWithoutSocketOrEngineIsJudgedWithoutAHostName() throws Exception {
    X509ExtendedTrustManager trust = orders.tls().orElseThrow().trustManager();
    X509Certificate[] chain = Draft.leaf().signedBy(ROOT).with().toArray(X509Certificate[]::new);

    trust.checkClientTrusted(chain, "UNKNOWN", (SSLEngine) null);
    trust.checkServerTrusted(chain, "UNKNOWN", (Socket) null);
    trust.checkServerTrusted(chain, "UNKNOWN", (SSLEngine) null);

    X509Certificate[] stranger =
        Draft.leaf()
            .signedBy(Draft.authority("stranger").selfSigned())
            .with()
            .toArray(X509Certificate[]::new);
    assertThatThrownBy(() -> trust.checkServerTrusted(stranger, "UNKNOWN", (SSLEngine) null))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("UNTRUSTED_ISSUER");
  }

  @Test
  void noChainIsAMistakeOfWhoeverAsks() {
    X509ExtendedTrustManager trust = orders.tls().orElseThrow().trustManager();

    for (X509Certificate[] none : new X509Certificate[][] {new X509Certificate[0], null}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trust.checkClientTrusted(none, "UNKNOWN"))
          .withMessageContaining("no certificate");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trust.checkServerTrusted(none, "UNKNOWN"))
          .withMessageContaining("no certificate");
    }
  }

  @Test
  void howARootHasSignedItselfDoesNotMatterWhetherItIsSentOrNot() throws Exception {
    Forged old =
        Draft.authority("old").keys(Draft.keys("RSA", 2048)).signature("SHA1withRSA").selfSigned();
    Forged leaf = Draft.leaf().signature("SHA256withRSA").signedBy(old);
    var verifier = new PeerVerifier(new SvidProfile());

    for (List<X509Certificate> chain : List.of(leaf.with(), leaf.with(old))) {
      assertThat(
              verifier
                  .verify(chain, PeerRole.CLIENT, Refusals.trusting(old), Draft.NOW)
                  .principal())
          .hasToString("mtls:" + Draft.WEB);
      assertThat(verifier.identify(chain, Draft.NOW)).hasToString("mtls:" + Draft.WEB);
    }
  }
}
