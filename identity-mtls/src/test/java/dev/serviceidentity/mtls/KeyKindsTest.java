// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.CertificateRequest.KeyKind;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.spi.CertificateIssuer.Issued;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of keys that this library makes, and that both ends of TLS take them. */
class KeyKindsTest {
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
  void theKindsAreTheseAndNoOthers() {
    assertThat(KeyKind.values())
        .extracting(Enum::name)
        .containsExactly("EC_P256", "EC_P384", "RSA_2048", "ED25519");
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, EC secp256r1",
    "EC_P384, EC secp384r1",
    "RSA_2048, RSA 2048",
    "ED25519, Ed25519"
  })
  void aKindIsWhatItIsCalled(KeyKind kind, String key) {
    Deque<PublicKey> keys = new ArrayDeque<>();
    world.open(
        IssuedIdentity.by(
            (request, lifetime) -> {
              Issued issued = world.ca.issue(request, lifetime);
              keys.add(issued.chain().get(0).getPublicKey());
              return issued;
            },
            CertificateRequest.spiffe(World.WEB).key(kind)));

    assertThat(keys).singleElement().extracting(KeyKindsTest::described).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, TLSv1.2", "EC_P256, TLSv1.3", "EC_P384, TLSv1.2", "EC_P384, TLSv1.3",
    "RSA_2048, TLSv1.2", "RSA_2048, TLSv1.3", "ED25519, TLSv1.2", "ED25519, TLSv1.3"
  })
  void bothEndsProveThemselvesWithKeysOfEachKind(KeyKind kind, String protocol) throws Exception {
    AnsweringServer server = world.serve(issued(World.ORDERS, kind));
    TlsMaterial web = issued(World.WEB, kind).tls().orElseThrow();
    SSLParameters parameters = web.clientParameters();
    parameters.setProtocols(new String[] {protocol});

    assertThat(server.ask(web.sslContext(), parameters)).startsWith("mtls:" + World.WEB);
  }

  private MtlsIdentity issued(String id, KeyKind kind) {
    return world.open(IssuedIdentity.by(world.ca, CertificateRequest.spiffe(id).key(kind)));
  }

  private static String described(PublicKey key) {
    if (key instanceof ECPublicKey ec) {
      // The JDK's parameters begin with the name of the curve.
      return "EC " + ec.getParams().toString().split(" ", -1)[0];
    }
    return key instanceof RSAPublicKey rsa
        ? "RSA " + rsa.getModulus().bitLength()
        : ((EdECPublicKey) key).getParams().getName();
  }
}
