// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.kerberos.token.ForgedMessage.authorizationData;
import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.DerNode;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedMic;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The list of what the acceptor must reject, and must not: fields that are doubled, missing or
 * reordered, each of them in each message, also those that may be left out. What is sealed is
 * sealed with the right keys.
 */
class RejectionListFieldsTest {
  /** Where the fields are, and which of them may be missing. */
  private enum Place {
    /** RFC 4178 section 4.2.1: reqFlags and mechListMIC. */
    NEG_TOKEN_INIT("0.1", "0.3"),
    /** The versions of the keys of ticket and authenticator. */
    AP_REQ("3.3.1", "4.1"),
    /** Starttime, renew-till, caddr and authorization-data. */
    ENC_TICKET_PART("6", "8", "9", "10"),
    /** Subkey, seq-number and authorization-data. */
    AUTHENTICATOR("6", "7", "8");

    private final Set<String> optional;

    Place(String... optional) {
      this.optional = Set.of(optional);
    }
  }

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = new OrdersService(directory, AcceptorSettings.USUAL.replays(new Forgetful()));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fieldsThatAreDoubled(Place place) {
    for (String field : DerNode.of(message(place)).fields()) {
      refuses(place, der -> DerNode.of(der).twice(field).der(), field);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fieldsThatAreReordered(Place place) {
    for (String field : DerNode.of(message(place)).fields()) {
      if (!DerNode.of(message(place)).isAlone(field)) {
        refuses(place, der -> DerNode.of(der).swapped(field).der(), field);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fieldsThatAreMissingAndNotThoseThatMayBe(Place place) {
    var passed = new TreeSet<String>();
    for (String field : DerNode.of(message(place)).fields()) {
      Verification seen = verify(place, der -> DerNode.of(der).without(field).der());
      if (seen instanceof Verification.Verified) {
        passed.add(field);
      } else if (!field.equals("0.2") || place != Place.NEG_TOKEN_INIT) { // mechToken
        assertThat(seen)
            .as(field)
            .extracting("reason")
            .isEqualTo(KerberosRejection.MALFORMED_TOKEN);
      }
    }
    assertThat(passed).isEqualTo(new TreeSet<>(place.optional));
  }

  private void refuses(Place place, UnaryOperator<byte[]> change, String field) {
    assertThat(verify(place, change))
        .as(field)
        .extracting("reason")
        .isEqualTo(KerberosRejection.MALFORMED_TOKEN);
  }

  private byte[] message(Place place) {
    var seen = new byte[1][];
    assertThat(
            verify(
                place,
                der -> {
                  seen[0] = der;
                  return der;
                }))
        .isInstanceOf(Verification.Verified.class);
    return seen[0];
  }

  private Verification verify(Place place, UnaryOperator<byte[]> change) {
    ForgedToken token = full();
    switch (place) {
      case NEG_TOKEN_INIT -> {
        return orders.verify(spnego(token, change));
      }
      case AP_REQ -> token.wholeRequest(change);
      case ENC_TICKET_PART -> token.plainTicket(change);
      case AUTHENTICATOR -> token.plainAuthenticator(change);
    }
    return orders.verify(token.bytes());
  }

  /** With all fields that a message may have. */
  private ForgedToken full() {
    ForgedToken token = orders.token().from(InetAddress.getLoopbackAddress());
    byte[] irrelevant = authorizationData(1, authorizationData(128, new byte[4]));
    token.contents.set(8, ForgedToken.time(orders.clock().instant())).set(10, irrelevant);
    token.authenticator.set(6, ForgedMessage.key(18, ForgedToken.filled(32, 9)));
    token.authenticator.set(8, irrelevant);
    return token.authenticatorKvno(integer(1));
  }

  private static byte[] spnego(ForgedToken token, UnaryOperator<byte[]> change) {
    byte[] list = Der.tlv(0x30, Der.KRB5);
    byte[] mic = ForgedMic.ofInitiator(ForgedMic.key(18, ForgedToken.filled(32, 9)), 1, list);
    byte[] init =
        Der.tlv(
            0xa0,
            new ForgedMessage()
                .set(0, list)
                .set(1, Der.bytes("03020640"))
                .set(2, ForgedMessage.octets(token.bytes()))
                .set(3, ForgedMessage.octets(mic))
                .der());
    // The frame around it is a sequence of its own, of which the outer field is part.
    byte[] framed = Der.tlv(0x60, init);
    byte[] changed = change.apply(framed);
    byte[] content = DerNode.of(changed).content();
    return Der.tlv(0x60, Der.SPNEGO, content);
  }
}
