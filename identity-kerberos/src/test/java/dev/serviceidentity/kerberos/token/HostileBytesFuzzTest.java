// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.time.Instant;

/** Targets for the fuzzer; in a normal build they run the seeds only. */
class HostileBytesFuzzTest {
  private static final ProtocolKey KEY = ForgedMic.key(18, new byte[32]);

  @FuzzTest
  void anyBytesAreATokenOrRefused(byte[] bytes) {
    try {
      ApRequest.read(NegotiateToken.read(bytes).apRequest());
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyBytesAreAnAnswerOrRefused(byte[] bytes) {
    try {
      SpnegoExchange.read(bytes).completed();
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyBytesAreAProofOrRefused(byte[] bytes) {
    var sent = Authenticator.Sent.at(1_772_366_400_000_000L);
    try {
      new ApReplyProof(TokenForm.SPNEGO, KEY, KEY, sent).check(bytes);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyPlainTextIsAnAnswerOrRefused(byte[] bytes) {
    try {
      ApReplyContents.read(bytes, KEY);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyPlainTextIsATicketOrRefused(byte[] bytes) {
    try {
      TicketContents.read(bytes, KEY);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyPlainTextIsAnAuthenticatorOrRefused(byte[] bytes) {
    try {
      Authenticator.read(bytes, KEY);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  /** An independent reader and writer of DER makes the same bytes of what was accepted. */
  @FuzzTest
  void anyBytesAreAnApRequestOrRefused(byte[] bytes) {
    try {
      ApRequest.read(Octets.of(bytes));
    } catch (RefusedTokenException expected) {
      return;
    }
    assertThat(DerNode.of(bytes).der()).isEqualTo(bytes);
  }

  @FuzzTest
  void anyBytesAreDerOrRefused(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    int tag = bytes[0] & 0xff;
    int number = tag & 0x1f;
    int context = TokenReader.context(number);
    reads(bytes, in -> Der.tlv(tag, in.value(tag, "it").copy()));
    reads(bytes, in -> ForgedMessage.text(in.text("it")));
    reads(bytes, in -> Der.tlv(context, ForgedMessage.integer(in.integer(number, "it"))));
    reads(bytes, in -> Der.tlv(context, ForgedMessage.integer(in.int32(number, "it"))));
    reads(bytes, in -> Der.tlv(context, ForgedMessage.flags(in.flags(number, "it"))));
    reads(
        bytes,
        in -> Der.tlv(context, ForgedToken.time(Instant.ofEpochSecond(in.time(number, "it")))));
    reads(
        bytes,
        in ->
            Der.tlv(
                context,
                Der.tlv(
                    TokenReader.SEQUENCE, in.field(number, TokenReader.SEQUENCE, "it").copy())));
    reads(
        bytes,
        in -> {
          int outer = in.enterField(number, TokenReader.SEQUENCE, "it");
          byte[] content = in.rest().copy();
          in.leave(outer, "it");
          return Der.tlv(context, Der.tlv(TokenReader.SEQUENCE, content));
        });
  }

  /** Reads one value and writes it again. */
  private interface Reading {
    byte[] again(TokenReader in) throws RefusedTokenException;
  }

  /** What is read is what stood there: written again it is the same bytes, or it is refused. */
  private static void reads(byte[] bytes, Reading reading) {
    var in = new TokenReader(bytes);
    try {
      byte[] again = reading.again(in);
      byte[] rest = in.rest().copy();
      assertThat(Der.join(again, rest)).isEqualTo(bytes);
    } catch (RefusedTokenException expected) {
      return;
    }
  }
}
