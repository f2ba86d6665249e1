// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.leaf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.Draft.Forged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must be rejected and never reaches our verifier, because TLS itself does it, with the
 * numbers of the module's design: cases 30, 32, 38, 39 and 40 in real handshakes. There is an alert
 * instead of a code. Headers beside case 38 are in {@link HttpsServerTest}.
 */
class RejectedHandshakesTest {
  private static final Forged ROOT = Draft.authority("root").selfSigned();

  @TempDir Path directory;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(directory);
    Forged orders = leaf().id(World.ORDERS).signedBy(ROOT);
    Path files = Files.createDirectories(world.files("orders"));
    write(files.resolve("tls.crt"), "CERTIFICATE", Draft.der(orders.certificate()));
    write(files.resolve("tls.key"), "PRIVATE KEY", orders.keys().getPrivate().getEncoded());
    write(files.resolve("ca.crt"), "CERTIFICATE", Draft.der(ROOT.certificate()));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  /** So that the others are refused for what they are, not for how they are sent. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theSameBytesOverTheWireAreAccepted(String protocol) throws Exception {
    Forged web = leaf().signedBy(ROOT);

    AnsweringServer server = world.serve(world.open("orders"));

    assertThat(ask(server, web, Draft.der(web.certificate()), protocol))
        .startsWith("mtls:" + World.WEB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void duplicateExtensionsAreRefused_30(String protocol) throws Exception {
    byte[] nothing = Draft.encoded(DERNull.INSTANCE);
    var first = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    var second = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2");
    Forged web =
        leaf().extension(first, false, nothing).extension(second, false, nothing).signedBy(ROOT);

    refused(web, replaced(web.certificate(), second, first), protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSecondAlternativeNameIsRefused_30(String protocol) throws Exception {
    Forged web =
        leaf()
            .extension(
                Extension.issuerAlternativeName,
                false,
                HexFormat.of().parseHex("301f861d" + hex("spiffe://shop.example/ns/evil")))
            .signedBy(ROOT);

    refused(
        web,
        replaced(
            web.certificate(), Extension.issuerAlternativeName, Extension.subjectAlternativeName),
        protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEmptySubjectWithNonCriticalNameIsRefused_32(String protocol) throws Exception {
    Draft draft = leaf();
    Forged good = draft.signedBy(ROOT);

    refused(good, draft.subject("").derSignedBy(ROOT), protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withoutCertificateNobodyIsAnybody_38(String protocol) throws Exception {
    Set<MechanismName> both = Set.of(MechanismName.MTLS, MechanismName.KERBEROS);
    AnsweringServer wanting = world.serve(world.open("orders", b -> b, both));
    AnsweringServer needing = world.serve(world.open("orders"));

    assertThat(wanting.ask(PlainClient.anonymous(), only(protocol))).isEqualTo("anonymous");
    assertThatThrownBy(() -> needing.ask(PlainClient.anonymous(), only(protocol)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theRightCertificateWithAWrongKeyIsRefused_39(String protocol) throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    Forged web = leaf().signedBy(ROOT);
    SSLContext stolen = PlainClient.showing(web.certificate(), Draft.ec("secp256r1").getPrivate());

    assertThatThrownBy(() -> server.ask(stolen, only(protocol))).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytesInsideBehindTheSignatureAreRefused_40(String protocol) throws Exception {
    Forged web = leaf().signedBy(ROOT);
    byte[] der = Draft.der(web.certificate());
    byte[] longer = Arrays.copyOf(der, der.length + 2);
    longer[der.length] = 0x05; // NULL, within the certificate: its length has two bytes
    int length = ((der[2] & 0xff) << 8) | (der[3] & 0xff);
    longer[2] = (byte) ((length + 2) >> 8);
    longer[3] = (byte) (length + 2);

    refused(web, longer, protocol);
  }

  private void refused(Forged good, byte[] sent, String protocol) throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));

    assertThatThrownBy(() -> ask(server, good, sent, protocol)).isInstanceOf(IOException.class);
    assertThat(server.failure())
        .isInstanceOf(SSLHandshakeException.class)
        .hasCauseInstanceOf(CertificateException.class);
  }

  private static String ask(AnsweringServer server, Forged good, byte[] sent, String protocol)
      throws Exception {
    X509Certificate shown = new SentAs(good.certificate(), sent);
    return server.ask(PlainClient.showing(shown, good.keys().getPrivate()), only(protocol));
  }

  private static SSLParameters only(String protocol) throws Exception {
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return parameters;
  }

  private static byte[] replaced(
      X509Certificate certificate, ASN1ObjectIdentifier one, ASN1ObjectIdentifier by) {
    String whole = HexFormat.of().formatHex(Draft.der(certificate));
    String changed =
        whole.replace(
            HexFormat.of().formatHex(Draft.encoded(one)),
            HexFormat.of().formatHex(Draft.encoded(by)));
    assertThat(changed).isNotEqualTo(whole);
    return HexFormat.of().parseHex(changed);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    Files.writeString(file, Draft.pem(label, der));
  }
}
