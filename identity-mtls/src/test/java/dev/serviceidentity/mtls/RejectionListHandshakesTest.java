// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.Draft.Forged;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What must be rejected and never reaches our verifier, because TLS itself does it, with the
 * numbers of the module's design: cases 30, 32, 38, 39 and 40 in real handshakes. There is an alert
 * instead of a code. Headers beside case 38 are in {@link HttpsServerTest}.
 */
@ParameterizedClass
@CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "CONSCRYPT, TLSv1.2", "CONSCRYPT, TLSv1.3"})
class RejectionListHandshakesTest {
  private static final Forged ROOT = Draft.authority("root").selfSigned();

  @TempDir Path directory;
  private final ServerTls tls;
  private final String protocol;
  private World world;

  RejectionListHandshakesTest(ServerTls tls, String protocol) {
    this.tls = tls;
    this.protocol = protocol;
  }

  @BeforeEach
  void open() throws Exception {
    world = new World(directory);
    Forged orders = leaf().id(World.ORDERS).signedBy(ROOT);
    world.write("orders", orders, ROOT);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  /** So that the others are refused for what they are, not for how they are sent. */
  @Test
  @DisplayName("30 the same bytes over the wire are accepted")
  void theSameBytesOverTheWireAreAccepted() throws Exception {
    Forged web = leaf().signedBy(ROOT);

    AnsweringServer server = world.serve(world.open("orders", tls::in));

    assertThat(ask(server, web, Draft.der(web.certificate()))).startsWith("mtls:" + World.WEB);
  }

  @Test
  @DisplayName("30 duplicate extensions are refused")
  void duplicateExtensionsAreRefused() throws Exception {
    byte[] nothing = Draft.encoded(DERNull.INSTANCE);
    var id = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    Draft draft = leaf().extension(id, false, nothing);

    refused(draft.signedBy(ROOT), draft.again(id, nothing).derSignedBy(ROOT))
        .hasStackTraceContaining("Duplicate extensions not allowed");
  }

  @Test
  @DisplayName("30 a second alternative name is refused")
  void aSecondAlternativeNameIsRefused() throws Exception {
    Draft draft = leaf();
    Forged good = draft.signedBy(ROOT);
    byte[] second = Draft.encoded(new GeneralNames(uri("spiffe://shop.example/ns/evil")));

    refused(good, draft.again(Extension.subjectAlternativeName, second).derSignedBy(ROOT))
        .hasStackTraceContaining("Duplicate extensions not allowed");
  }

  @Test
  @DisplayName("32 an empty subject with non critical name is refused")
  void anEmptySubjectWithNonCriticalNameIsRefused() throws Exception {
    Draft draft = leaf();
    Forged good = draft.signedBy(ROOT);

    refused(good, draft.subject("").derSignedBy(ROOT)).hasStackTraceContaining("subject");
  }

  @Test
  @DisplayName("38 without certificate nobody is anybody")
  void withoutCertificateNobodyIsAnybody() throws Exception {
    Set<MechanismName> both = Set.of(MechanismName.MTLS, MechanismName.KERBEROS);
    AnsweringServer wanting = world.serve(world.open("orders", tls::in, both));
    AnsweringServer needing = world.serve(world.open("orders", tls::in));

    assertThat(wanting.ask(PlainClient.anonymous(), only())).isEqualTo("anonymous");
    assertThatThrownBy(() -> needing.ask(PlainClient.anonymous(), only()))
        .isInstanceOf(IOException.class);
    assertThat(needing.failure())
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining(tls.withoutCertificate);
  }

  @Test
  @DisplayName("39 the right certificate with a wrong key is refused")
  void theRightCertificateWithAWrongKeyIsRefused() throws Exception {
    AnsweringServer server = world.serve(world.open("orders", tls::in));
    Forged web = leaf().signedBy(ROOT);
    SSLContext stolen = PlainClient.showing(web.certificate(), Draft.ec("secp256r1").getPrivate());

    assertThatThrownBy(() -> server.ask(stolen, only())).isInstanceOf(IOException.class);
    assertThat(server.failure())
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining(tls.wrongKey);
    assertThat(world.refusals()).as("the certificate itself is good").isEmpty();
  }

  @Test
  @DisplayName("40 bytes inside behind the signature are refused")
  void bytesInsideBehindTheSignatureAreRefused() throws Exception {
    Forged web = leaf().signedBy(ROOT);
    byte[] der = Draft.der(web.certificate());
    byte[] longer = Arrays.copyOf(der, der.length + 2);
    longer[der.length] = 0x05; // NULL, within the certificate: its length has two bytes
    int length = ((der[2] & 0xff) << 8) | (der[3] & 0xff);
    longer[2] = (byte) ((length + 2) >> 8);
    longer[3] = (byte) (length + 2);

    refused(web, longer).hasStackTraceContaining("signed overrun");
  }

  private AbstractThrowableAssert<?, ?> refused(Forged good, byte[] sent) throws Exception {
    AnsweringServer server = world.serve(world.open("orders", tls::in));

    assertThatThrownBy(() -> ask(server, good, sent)).isInstanceOf(IOException.class);
    assertThat(world.refusals()).as("our verifier has not seen it").isEmpty();
    return assertThat(server.failure())
        .isInstanceOf(SSLHandshakeException.class)
        .hasCauseInstanceOf(CertificateException.class);
  }

  private String ask(AnsweringServer server, Forged good, byte[] sent) throws Exception {
    X509Certificate shown = new SentAs(good.certificate(), sent);
    return server.ask(PlainClient.showing(shown, good.keys().getPrivate()), only());
  }

  private SSLParameters only() {
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return parameters;
  }
}
