// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JDK's client with tickets of MIT's KDC against our acceptor: it makes the SPNEGO, the channel
 * bindings and the subkey, and verifies our proof.
 */
class JgssClientInteropTest {
  private static final String KRB5 = "1.2.840.113554.1.2.2";
  private static final String SPNEGO = "1.3.6.1.5.5.2";
  private static final String AES256 = "aes256-cts-hmac-sha1-96";

  @TempDir Path directory;
  private MitRealm realm;
  private Path alice;

  @BeforeEach
  void startRealm() throws Exception {
    realm = MitRealm.in(directory);
    alice = realm.principal("alice");
  }

  @AfterEach
  void stopRealm() {
    if (realm != null) {
      realm.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    KRB5 + ", aes128-cts-hmac-sha1-96",
    KRB5 + ", aes256-cts-hmac-sha1-96",
    KRB5 + ", aes128-cts-hmac-sha256-128",
    KRB5 + ", aes256-cts-hmac-sha384-192",
    SPNEGO + ", aes128-cts-hmac-sha1-96",
    SPNEGO + ", aes256-cts-hmac-sha1-96",
    SPNEGO + ", aes128-cts-hmac-sha256-128",
    SPNEGO + ", aes256-cts-hmac-sha384-192"
  })
  void itIsVerifiedWithATicketOfEveryTypeAndTakesOurProof(String mechanism, String type)
      throws Exception {
    Path keytab = realm.service("HTTP/orders.test", type);
    try (KerberosIdentity orders = MitRealm.acceptor("HTTP/orders.test", keytab);
        var client = new Client(mechanism, "")) {
      var verified = (Verification.Verified) orders.callers().verify(client.evidence());
      assertThat(verified.caller()).hasToString("kerberos:alice@MIT.EXAMPLE");
      assertThat(verified.caller().attributes().get("kerberos.etype")).startsWith(type);
      assertThat(client.answer(verified)).isEqualTo("established true, mutual true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {KRB5, SPNEGO})
  void itsChannelBindingsAreThoseThatAreRequired(String mechanism) throws Exception {
    Path keytab = realm.service("HTTP/orders.test", AES256);
    try (KerberosIdentity orders = requiring(keytab);
        var client = new Client(mechanism, "tls-server-end-point:ours")) {
      assertThat(orders.callers().verify(bound(client.evidence(), "other")))
          .extracting("reason")
          .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISMATCH);
      Verification seen = orders.callers().verify(bound(client.evidence(), "ours"));
      assertThat(seen).isInstanceOf(Verification.Verified.class);
      assertThat(client.answer((Verification.Verified) seen)).startsWith("established true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {KRB5, SPNEGO})
  void withoutChannelBindingsItIsRefusedWhereTheyAreRequired(String mechanism) throws Exception {
    Path keytab = realm.service("HTTP/orders.test", AES256);
    try (KerberosIdentity orders = requiring(keytab);
        var client = new Client(mechanism, "")) {
      assertThat(orders.callers().verify(bound(client.evidence(), "ours")))
          .extracting("reason")
          .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISSING);
    }
  }

  private static KerberosIdentity requiring(Path keytab) {
    return KerberosIdentity.builder()
        .principal("HTTP/orders.test@" + MitRealm.REALM)
        .keytab(keytab)
        .channelBindings(ChannelBindingPolicy.REQUIRE)
        .acceptOnly()
        .open();
  }

  private static CallerEvidence bound(CallerEvidence evidence, String certificate) {
    byte[] data = ("tls-server-end-point:" + certificate).getBytes(StandardCharsets.US_ASCII);
    return evidence.channelBindings(List.of(ChannelBinding.of(data)));
  }

  /** The other JVM. */
  private final class Client implements AutoCloseable {
    private final Process jvm;
    private final BufferedReader out;
    private final String token;

    /** Begins after the service, which refuses what was made before it began. */
    Client(String mechanism, String bindings) throws IOException {
      jvm =
          ChildJvm.start(
              JgssClient.class,
              List.of("-Djava.security.krb5.conf=" + realm.krb5Conf()),
              "alice@" + MitRealm.REALM,
              alice,
              "HTTP/orders.test@" + MitRealm.REALM,
              mechanism,
              bindings);
      out = jvm.inputReader(StandardCharsets.UTF_8);
      token = String.valueOf(out.readLine());
    }

    CallerEvidence evidence() {
      return TokenSurgery.evidence(token);
    }

    /** Hands our proof over, and returns what the client makes of it. */
    String answer(Verification.Verified verified) throws Exception {
      var fields = new ArrayList<String>();
      verified.applyTo((name, value) -> fields.add(value));
      jvm.outputWriter(StandardCharsets.US_ASCII)
          .append(fields.get(0).substring("Negotiate ".length()))
          .append('\n')
          .close();
      String said = String.valueOf(out.readLine());
      assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the client ends").isTrue();
      return said;
    }

    @Override
    public void close() {
      jvm.destroyForcibly();
    }
  }
}
