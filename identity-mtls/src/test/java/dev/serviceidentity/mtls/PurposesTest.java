// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.Draft.Forged;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a handshake each end judges the other as what it is: a server as a server. */
class PurposesTest {
  private static final KeyPurposeId CLIENTS = KeyPurposeId.id_kp_clientAuth;
  private static final KeyPurposeId SERVERS = KeyPurposeId.id_kp_serverAuth;
  private static final Forged ROOT = Draft.authority("root").selfSigned();

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
  void eachEndMayHaveACertificateForThatEndAlone() throws Exception {
    leaf("orders", SERVERS);
    leaf("web", CLIENTS);

    assertThat(ask()).startsWith("mtls:dns:web@shop.example");
  }

  @Test
  void eachEndMayHaveAnAuthorityForThatEndAlone() throws Exception {
    below("orders", SERVERS);
    below("web", CLIENTS);

    assertThat(ask()).startsWith("mtls:dns:web@shop.example");
  }

  @Test
  void aServerWhoseCertificateIsForClientsIsRefused() throws Exception {
    leaf("orders", CLIENTS);
    leaf("web", CLIENTS);

    assertThatThrownBy(this::ask)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("EXTENDED_KEY_USAGE");
  }

  @Test
  void aServerWhoseAuthorityIsForClientsIsRefused() throws Exception {
    below("orders", CLIENTS);
    below("web", CLIENTS);

    assertThatThrownBy(this::ask)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("SIGNER_PURPOSE");
  }

  @Test
  void aClientWhoseCertificateIsForServersIsRefused() throws Exception {
    leaf("orders", SERVERS);
    leaf("web", SERVERS);

    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.EXTENDED_KEY_USAGE);
  }

  @Test
  void aClientWhoseAuthorityIsForServersIsRefused() throws Exception {
    below("orders", SERVERS);
    below("web", SERVERS);

    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.SIGNER_PURPOSE);
  }

  private void leaf(String service, KeyPurposeId purpose) throws IOException {
    world.write(service, named(service).purposes(purpose).signedBy(ROOT), ROOT);
  }

  private void below(String service, KeyPurposeId purpose) throws IOException {
    Forged authority = Draft.authority("below").purposes(purpose).signedBy(ROOT);
    world.write(service, named(service).signedBy(authority), ROOT, authority);
  }

  private static Draft named(String service) {
    return Draft.leaf().names(false, Draft.dns(service));
  }

  private String ask() throws Exception {
    AnsweringServer server = world.serve(world.open("orders", MtlsIdentityBuilder::dnsNames));
    SSLContext web =
        world.open("web", MtlsIdentityBuilder::dnsNames).tls().orElseThrow().sslContext();
    var parameters = new SSLParameters();
    // The names are identities here, not where a service is.
    parameters.setEndpointIdentificationAlgorithm("");
    return server.ask(web, parameters);
  }
}
