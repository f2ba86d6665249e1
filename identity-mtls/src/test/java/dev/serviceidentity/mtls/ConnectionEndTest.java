// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a client is asked to connect anew, and when it has to. */
class ConnectionEndTest {
  private static final HeaderField CLOSE = new HeaderField("Connection", "close");

  @TempDir Path directory;
  private World world;
  private MtlsIdentity orders;
  private SSLSession session;

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    orders = world.open("orders");
    session = session(World.template(World.WEB).lifetime(Duration.ofDays(30)));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aYoungSessionGoesOn() {
    world.clock.advance(Duration.ofMinutes(15).minusMillis(1));

    assertThat(verify()).isInstanceOf(Verification.Verified.class);
    assertThat(verify().reply()).isEmpty();
  }

  @Test
  void onAnOlderSessionTheClientIsAdmittedAndAskedToConnectAnew() {
    world.clock.advance(Duration.ofMinutes(15));

    assertThat(verify()).isInstanceOf(Verification.Verified.class);
    assertThat(verify().reply()).containsExactly(CLOSE);
  }

  @Test
  void theAgeIsTheConfiguredOne() {
    orders = world.open("orders", b -> b.sessionAge(Duration.ofHours(1)));
    world.clock.advance(Duration.ofMinutes(59));
    assertThat(verify().reply()).isEmpty();

    world.clock.advance(Duration.ofMinutes(1));

    assertThat(verify().reply()).containsExactly(CLOSE);
  }

  @Test
  void aSessionOfADayIsRefusedAndItsConnectionEnds() {
    world.clock.advance(Duration.ofHours(24));

    assertThat(verify())
        .isInstanceOfSatisfying(
            Verification.Rejected.class,
            rejected ->
                assertThat(rejected.reason()).isEqualTo(CertificateRejection.SESSION_TOO_OLD));
    assertThat(verify().reply()).containsExactly(CLOSE);
  }

  @Test
  void inTheLastMinuteOfItsCertificateAClientIsAskedToConnectWithTheNext() {
    session = session(World.template(World.WEB).lifetime(Duration.ofMinutes(10)));
    world.clock.advance(Duration.ofMinutes(9).minusMillis(1));
    assertThat(verify().reply()).isEmpty();

    world.clock.advance(Duration.ofMillis(1));

    assertThat(verify()).isInstanceOf(Verification.Verified.class);
    assertThat(verify().reply()).containsExactly(CLOSE);
  }

  @Test
  void ofAShortLivedCertificateItIsTheLastFifthThatCounts() {
    Instant now = world.clock.instant();
    session = session(World.template(World.WEB).notBefore(now).lifetime(Duration.ofSeconds(5)));
    world.clock.advance(Duration.ofMillis(3999));
    assertThat(verify().reply()).isEmpty();

    world.clock.advance(Duration.ofMillis(1));

    assertThat(verify().reply()).containsExactly(CLOSE);
  }

  @Test
  void aSessionCannotBeMeantToLastForNoTimeOrLongerThanTlsAllows() {
    MtlsIdentityBuilder builder = MtlsIdentity.builder();

    assertThatThrownBy(() -> builder.sessionAge(Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 second to 24 hours");
    assertThatThrownBy(() -> builder.sessionAge(Duration.ofHours(24).plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Verification verify() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return orders
        .callers()
        .verify(
            CallerEvidence.of(
                    new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
                .tlsSession(session));
  }

  /** Made now. Sessions of the JDK have the time of the JVM, which no test can move. */
  private SSLSession session(LeafTemplate template) {
    IssuedCertificate issued = world.ca.issue(template);
    long made = world.clock.millis();
    X509Certificate[] chain = issued.chain().toArray(X509Certificate[]::new);
    return (SSLSession)
        Proxy.newProxyInstance(
            SSLSession.class.getClassLoader(),
            new Class<?>[] {SSLSession.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getCreationTime" -> made;
                  case "getPeerCertificates" -> chain;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
