// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The evidence of a request")
class CallerEvidenceTest {
  private final CallerEvidence evidence =
      CallerEvidence.of(
          new InetSocketAddress("10.1.0.5", 40000), new InetSocketAddress("10.1.0.9", 8080));

  @Test
  void findsAFieldInAnyLetterCase() {
    CallerEvidence given = evidence.headers(Map.of("AuThorization", List.of("Negotiate a")));
    assertThat(given.header("authorization")).containsExactly("Negotiate a");
    assertThat(given.header("AUTHORIZATION")).containsExactly("Negotiate a");
  }

  @Test
  void takesNamesThatDifferInLetterCaseForOneField() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("Authorization", List.of("Negotiate a"));
    fields.put("authorization", List.of("Bearer b", "Basic c"));
    assertThat(evidence.headers(fields).header("Authorization"))
        .containsExactly("Negotiate a", "Bearer b", "Basic c");
  }

  @Test
  void doesNotChangeWithTheMapItWasMadeOf() {
    List<String> values = new ArrayList<>(List.of("a"));
    CallerEvidence given = evidence.headers(Map.of("X", values));
    values.add("b");
    assertThat(given.header("x")).containsExactly("a");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> given.header("x").clear());
  }

  @Test
  void hasNoValuesOfAFieldThatWasNotSent() {
    assertThat(evidence.header("authorization")).isEmpty();
  }

  @Test
  void showsNoValueThatMayBeACredential() {
    CallerEvidence given =
        evidence
            .headers(Map.of("Authorization", List.of("Bearer secret"), "Cookie", List.of("hidden")))
            .request("GET", "/reset/token-in-path");
    assertThat(given.toString())
        .contains("10.1.0.5", "authorization", "cookie")
        .doesNotContain("secret", "hidden", "token-in-path");
  }

  @Test
  void keepsItsOtherPartsWhenOneIsReplaced() {
    CallerEvidence given =
        evidence
            .headers(Map.of("X", List.of("a")))
            .request("GET", "/orders")
            .peerCertificates(List.of(mock(X509Certificate.class)));
    assertThat(given.header("x")).containsExactly("a");
    assertThat(given.method()).isEqualTo("GET");
    assertThat(given.path()).isEqualTo("/orders");
    assertThat(given.peerCertificates()).hasSize(1);
    assertThat(given.source()).isEqualTo(evidence.source());
    assertThat(given.local()).isEqualTo(evidence.local());
    assertThat(evidence.header("x")).isEmpty();
  }

  @Test
  void takesThePeersCertificatesFromTheSession() throws Exception {
    var leaf = mock(X509Certificate.class);
    var session = mock(SSLSession.class);
    when(session.getPeerCertificates()).thenReturn(new Certificate[] {leaf});
    CallerEvidence given = evidence.tlsSession(session);
    assertThat(given.peerCertificates()).containsExactly(leaf);
    assertThat(given.tlsSession()).containsSame(session);
  }

  @Test
  void hasNoCertificatesOfAnAnonymousPeer() throws Exception {
    var session = mock(SSLSession.class);
    when(session.getPeerCertificates()).thenThrow(new SSLPeerUnverifiedException("anonymous"));
    assertThat(evidence.tlsSession(session).peerCertificates()).isEmpty();
  }

  @Test
  void forgetsEarlierCertificatesWhenItIsGivenTheSessionOfAnAnonymousPeer() throws Exception {
    var session = mock(SSLSession.class);
    when(session.getPeerCertificates()).thenThrow(new SSLPeerUnverifiedException("anonymous"));
    assertThat(
            evidence
                .peerCertificates(List.of(mock(X509Certificate.class)))
                .tlsSession(session)
                .peerCertificates())
        .isEmpty();
  }

  @Test
  void isOfResolvedAddressesOnly() {
    var named = InetSocketAddress.createUnresolved("web.shop", 1);
    var literal = new InetSocketAddress("10.1.0.9", 8080);
    assertThatIllegalArgumentException().isThrownBy(() -> CallerEvidence.of(named, literal));
    assertThatIllegalArgumentException().isThrownBy(() -> CallerEvidence.of(literal, named));
  }
}
