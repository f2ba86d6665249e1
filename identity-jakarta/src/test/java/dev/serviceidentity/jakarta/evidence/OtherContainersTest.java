// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.ajp.AjpNioProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers, and connectors of known ones, that do not tell who is at the far end. */
class OtherContainersTest {
  @TempDir Path directory;
  private Shop shop;
  private X509Certificate own;
  private MtlsIdentity orders;
  private ServiceIdentity identity;
  private ContainerEvidence evidence;

  @BeforeEach
  void open() {
    shop = new Shop(directory.resolve("orders"));
    own = shop.rotate();
    orders = shop.orders().open();
    identity = Shop.admittingAll(orders);
    evidence = ContainerEvidence.detecting(identity);
  }

  @AfterEach
  void close() {
    identity.close();
    orders.close();
  }

  @Test
  void anUnknownContainerGivesNoEvidenceAndTheMessageSaysWhatToDo() {
    assertThatThrownBy(() -> evidence.of(MadeUp.request(0, answers())))
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(IdentityException.Code.CONFIGURATION))
        .hasMessageContaining("run Tomcat 11 or Jetty 12, or say believingOtherContainers()");
  }

  @Test
  void anUnknownContainerIsBelievedWhereThatIsSaid() {
    Map<String, Object> answers = answers();
    X509Certificate webs = shop.issue(Shop.WEB).chain().get(0);
    answers.put("isSecure", true);
    answers.put("getAttribute", new X509Certificate[] {webs});
    CallerEvidence told = believed(1, answers);
    assertThat(told.source()).hasToString("/10.1.0.5:40000");
    assertThat(told.local()).hasToString("/10.1.0.9:8443");
    assertThat(told.peerCertificates()).containsExactly(webs);
    assertThat(told.tlsSession()).isEmpty();
    assertThat(told.channelBindings()).containsExactly(ChannelBinding.tlsServerEndPoint(own));
    assertThat(told.header("X-ONE")).containsExactly("0");
  }

  @Test
  void withoutTlsAnUnknownContainersCertificatesDoNotCount() {
    Map<String, Object> answers = answers();
    answers.put("getAttribute", new X509Certificate[] {own});
    assertThat(believed(1, answers).peerCertificates()).isEmpty();
    assertThat(believed(1, answers).channelBindings()).isEmpty();
  }

  @Test
  void aNameInPlaceOfAnAddressIsNotLookedUp() {
    Map<String, Object> answers = answers();
    answers.put("getRemoteAddr", "localhost");
    assertThatThrownBy(() -> believed(1, answers))
        .hasMessageContaining("does not tell the address of its connection");
  }

  @Test
  void moreFieldLinesThanAnybodyNeedsAreNotRead() {
    assertThat(believed(1000, answers()).header("x-one")).hasSize(1000);
    assertThatThrownBy(() -> believed(1001, answers()))
        .hasMessageContaining("more than 1000 field lines");
  }

  @Test
  void anIdentityWithoutTlsHasNoCertificatesToBindTo() {
    Map<String, Object> answers = answers();
    answers.put("isSecure", true);
    HttpServletRequest request = MadeUp.request(1, answers);
    var without = FakeServiceIdentity.of(Shop.ORDERS);
    assertThat(
            ContainerEvidence.detecting(without)
                .believingOtherContainers()
                .of(request)
                .channelBindings())
        .isEmpty();
  }

  @Test
  void aSocketWithoutInternetAddressIsNoSource() {
    assertThatThrownBy(() -> Connection.end(UnixDomainSocketAddress.of("/run/orders")))
        .hasMessageContaining("without an internet address");
    assertThatThrownBy(() -> Connection.end(null)).hasMessageContaining("has ended");
  }

  /** The front-end server, or whoever reaches its port, says there what the near end is. */
  @Test
  void overAjpThereIsNoEvidence() throws Exception {
    var protocol = new AjpNioProtocol();
    protocol.setSecretRequired(false);
    var seen = new Seen(evidence, identity);
    try (var server =
            Servers.tomcat(directory, new Connector(protocol), seen, List.of(), List.of());
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(forwardRequest());
      var answer = new StringBuilder();
      while (!answer.toString().contains("let it speak HTTP")) {
        int next = socket.getInputStream().read();
        assertThat(next).as(answer.toString()).isNotNegative();
        answer.append((char) next);
      }
      assertThat(answer.toString()).contains(Seen.UNTOLD);
    }
  }

  private CallerEvidence believed(int lines, Map<String, Object> answers) {
    return evidence.believingOtherContainers().of(MadeUp.request(lines, answers));
  }

  private static Map<String, Object> answers() {
    return new HashMap<>(
        Map.of(
            "getRemoteAddr",
            "10.1.0.5",
            "getRemotePort",
            40000,
            "getLocalAddr",
            "10.1.0.9",
            "getLocalPort",
            8443,
            "isSecure",
            false));
  }

  /** AJP/1.3, "Forward Request": GET without fields, over TLS, from 10.1.0.5. */
  private static byte[] forwardRequest() throws Exception {
    var body = new ByteArrayOutputStream();
    var out = new DataOutputStream(body);
    out.writeByte(2);
    out.writeByte(2);
    for (String text : List.of("HTTP/1.1", "/orders", "10.1.0.5", "forged", "orders")) {
      out.writeShort(text.length());
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      out.writeByte(0);
    }
    out.writeShort(443);
    out.writeBoolean(true);
    out.writeShort(0);
    out.writeByte(0xff);
    var packet = new ByteArrayOutputStream();
    var framed = new DataOutputStream(packet);
    framed.writeShort(0x1234);
    framed.writeShort(body.size());
    body.writeTo(framed);
    return packet.toByteArray();
  }
}
