// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.development.LeafTemplate;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * BoringSSL, and so Conscrypt, calls the key exchange of TLS 1.3 GENERIC, which the JDK's trust
 * manager does not know. It is not asked for that: it compares host names only.
 */
class AuthTypeTest {
  @TempDir Path directory;
  private World world;

  @BeforeEach
  void issue() {
    world = new World(directory);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aServerIsVerifiedWithItsHostName() throws Exception {
    world.issue("orders", World.ORDERS);

    assertThat(askCheckingTheHostName()).startsWith("mtls:" + World.WEB);
  }

  @Test
  void aServerOfAnotherHostNameIsRefused() {
    world
        .ca
        .issue(LeafTemplate.spiffe(World.ORDERS).dns("elsewhere"))
        .writeTo(world.files("orders"));

    assertThatThrownBy(this::askCheckingTheHostName)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void aClientIsVerified() throws Exception {
    X509ExtendedTrustManager trust = world.open("web").tls().orElseThrow().trustManager();
    X509Certificate[] good =
        world.ca.issue(LeafTemplate.spiffe(World.ORDERS)).chain().toArray(X509Certificate[]::new);
    X509Certificate[] bad =
        world
            .ca
            .issue(LeafTemplate.spiffe("spiffe://b.example/x"))
            .chain()
            .toArray(X509Certificate[]::new);

    trust.checkClientTrusted(good, "GENERIC");
    assertThatThrownBy(() -> trust.checkClientTrusted(bad, "GENERIC"))
        .hasMessageContaining("UNKNOWN_TRUST_DOMAIN");
  }

  private String askCheckingTheHostName() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    var tls = world.open("web").tls().orElseThrow();
    var checking = new SSLParameters();
    checking.setEndpointIdentificationAlgorithm("HTTPS");
    return server.ask(
        PlainClient.of(
            new KeyManager[] {tls.keyManager()},
            new TrustManager[] {new SayingGeneric(tls.trustManager())}),
        checking);
  }

  private static final class SayingGeneric extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager told;

    SayingGeneric(X509ExtendedTrustManager told) {
      this.told = told;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      told.checkServerTrusted(chain, "GENERIC", socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      told.checkServerTrusted(chain, "GENERIC", engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return told.getAcceptedIssuers();
    }
  }
}
