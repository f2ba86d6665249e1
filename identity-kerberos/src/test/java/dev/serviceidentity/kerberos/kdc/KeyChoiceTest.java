// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.kdc.ForgedReply.CLIENT;
import static dev.serviceidentity.kerberos.kdc.ForgedReply.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.testkit.TestClock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which key a login is made with is not for somebody on the way to say. */
class KeyChoiceTest {
  private static final ProtocolKey WEAKER =
      new ProtocolKey(KeyType.AES128_SHA1, new byte[16], new Workshop());

  @Test
  void theStrongestHeldTypeThatIsNamedIsChosenInWhateverOrder() {
    var wanted = new PreAuthentication(List.of(2), List.of(23, 17, 18), null);

    assertThat(wanted.choose(Set.of(KeyType.AES128_SHA1, KeyType.AES256_SHA1)))
        .contains(KeyType.AES256_SHA1);
    assertThat(wanted.choose(Set.of(KeyType.AES128_SHA1, KeyType.AES256_SHA384)))
        .contains(KeyType.AES128_SHA1);
  }

  @Test
  void aWeakerTypeThatAnErrorNamedIsForgottenWithTheLogin() {
    int[] errors = {0};
    try (var kdc =
        ScriptedKdc.answering(
            request ->
                isProven(request)
                    ? ForgedReply.to(request, reply -> {})
                    : ForgedReply.wants(errors[0]++ == 0 ? 17 : 18))) {
      KdcClient client = client(kdc);

      client.login(CLIENT, ForgedReply.keys(WEAKER));
      assertThat(kdc.requests()).isEqualTo(2);
      client.login(CLIENT, ForgedReply.keys(WEAKER));
      assertThat(kdc.requests()).as("asked anew").isEqualTo(4);
      client.login(CLIENT, ForgedReply.keys(WEAKER));
      assertThat(kdc.requests()).as("the strongest is remembered").isEqualTo(5);
    }
  }

  @Test
  void anAnswerUnderAWeakerKeyThanTheTimestampIsRefused() {
    try (var kdc =
        ScriptedKdc.answering(
            request -> isProven(request) ? weaker(request) : ForgedReply.wants(18))) {
      assertThatThrownBy(() -> client(kdc).login(CLIENT, ForgedReply.keys(WEAKER)))
          .hasMessageContaining("sealed with aes128-cts-hmac-sha1-96 (17), and the timestamp was")
          .hasMessageContaining("with aes256-cts-hmac-sha1-96 (18)");
    }
  }

  private static byte[] weaker(byte[] request) {
    return ForgedReply.to(
        request,
        reply -> {
          reply.key = WEAKER;
          reply.sealedType = 17;
        });
  }

  @Test
  void anAnswerUnderARetiredKeyIsRefusedWhateverVersionItNames() {
    for (int version : List.of(0, 1, 2, 3)) {
      try (var kdc =
          ScriptedKdc.answering(
              request ->
                  ForgedReply.to(
                      request,
                      reply -> {
                        reply.key = ForgedReply.OTHER;
                        reply.sealedVersion = version;
                      }))) {
        assertThatThrownBy(() -> client(kdc).login(CLIENT, ForgedReply.keys()))
            .hasMessageContaining("its answer does not open with the keytab's key");
      }
    }
  }

  private static boolean isProven(byte[] request) {
    try {
      var in = new TokenReader(request);
      in.enter(TokenReader.application(KdcRequest.OF_AS), "request");
      in.enter(TokenReader.SEQUENCE, "request");
      in.skip(1, TokenReader.INTEGER, "pvno");
      in.skip(2, TokenReader.INTEGER, "type");
      return in.nextIs(TokenReader.context(3));
    } catch (RefusedTokenException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  private static KdcClient client(ScriptedKdc kdc) {
    KerberosConfig config = KerberosConfig.builder().kdc("SHOP.EXAMPLE", kdc.address()).build();
    return new KdcClient(config, ForgedReply.RANDOM, TestClock.at(NOW));
  }
}
