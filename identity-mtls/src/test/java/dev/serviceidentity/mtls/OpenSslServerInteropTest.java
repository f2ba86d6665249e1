// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.OpenSsl.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client calls {@code openssl s_server}, which demands a client certificate. */
@ParameterizedClass
@ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
class OpenSslServerInteropTest {
  private static final Forged ROOT = OpenSsl.ROOT;
  private static final Pattern OUR_ALERT = Pattern.compile("alert certificate unknown");

  @TempDir Path directory;
  private final String protocol;
  private OpenSsl openssl;
  private World world;

  OpenSslServerInteropTest(String protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void findIt() throws Exception {
    openssl = OpenSsl.required(directory);
    world = new World(directory);
    world.write("web", Kind.EC.leaf(World.WEB).signedBy(ROOT), ROOT);
  }

  @AfterEach
  void close() throws Exception {
    if (world != null) {
      world.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothProveThemselvesWithCertificatesOfEveryKind(Kind kind) throws Exception {
    world.write("client", kind.leaf(World.WEB).signedBy(ROOT), ROOT);
    try (Program server = serve(kind.leaf(World.ORDERS).signedBy(ROOT))) {
      MtlsIdentity client =
          world.open("client", b -> b.servers(p -> p.nativeName().equals(World.ORDERS)));

      assertThat(get(server, client))
          .contains("HTTP/1.0 200 ok")
          .contains("Protocol  : " + protocol)
          .contains("Client certificate")
          .contains("URI:" + World.WEB);
    }
  }

  @Test
  void aServerOfAnotherTrustDomainIsRefused() throws Exception {
    assertRefused(
        Kind.EC.leaf("spiffe://elsewhere.example/x").signedBy(ROOT),
        CertificateRejection.UNKNOWN_TRUST_DOMAIN);
  }

  @Test
  void anExpiredServerIsRefused() throws Exception {
    assertRefused(OpenSsl.expired(World.ORDERS).signedBy(ROOT), CertificateRejection.EXPIRED);
  }

  @Test
  void aServerThatIsNotExpectedIsRefused() throws Exception {
    assertRefused(
        Kind.EC.leaf("spiffe://shop.example/ns/shop/sa/evil").signedBy(ROOT),
        CertificateRejection.SERVER_NOT_EXPECTED);
  }

  @Test
  void aServerWithoutCertificateIsNoServer() throws Exception {
    try (Program server = openssl.serve(protocol, world.files("web"), "-nocert")) {
      assertThatThrownBy(() -> get(server, world.open("web")))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("fatal alert");
      server.await(Pattern.compile("no shared cipher|unsupported protocol"));
    }
  }

  @Test
  void anExpiredCertificateOfOursIsRefusedByIt() throws Exception {
    world.write("late", Kind.EC.leaf(World.WEB).signedBy(ROOT), ROOT);
    MtlsIdentity late = world.open("late");
    try (Program server =
        serve(
            Kind.EC.leaf(World.ORDERS).signedBy(ROOT),
            "-attime",
            Long.toString(Draft.NOW.plusSeconds(7200).getEpochSecond()))) {
      assertThatThrownBy(() -> get(server, late))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("certificate_expired");
      server.await(Pattern.compile("certificate has expired"));
    }
  }

  private void assertRefused(Forged certificate, CertificateRejection reason) throws Exception {
    try (Program server = serve(certificate)) {
      MtlsIdentity web =
          world.open("web", b -> b.servers(p -> p.nativeName().equals(World.ORDERS)));

      assertThatThrownBy(() -> get(server, web))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining(reason.name());
      server.await(OUR_ALERT);
    }
  }

  private Program serve(Forged certificate, String... more) throws Exception {
    world.write("orders", certificate, ROOT);
    Path files = world.files("orders");
    return openssl.serve(protocol, files, OpenSsl.showing(files, more));
  }

  private static String get(Program server, MtlsIdentity client) throws Exception {
    SSLParameters parameters = client.tls().orElseThrow().clientParameters();
    try (var socket =
        (SSLSocket)
            client
                .tls()
                .orElseThrow()
                .sslContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", OpenSsl.port(server))) {
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
