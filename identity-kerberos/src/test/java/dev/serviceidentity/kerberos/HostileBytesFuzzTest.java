// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;

/** Targets for the fuzzer; in a normal build they run the seeds only. */
class HostileBytesFuzzTest {
  private static final ProtocolKey KEY = ForgedMic.key(18, new byte[32]);

  @FuzzTest
  void anyBytesAreAKeytabOrMalformed(byte[] bytes) {
    try {
      KeytabReader.read(bytes);
    } catch (MalformedKeytabException expected) {
      return;
    }
  }

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

  @FuzzTest
  void anyBytesAreDerOrRefused(byte[] bytes) {
    try {
      var in = new TokenReader(bytes);
      while (in.hasMore()) {
        int outer = in.enter(bytes[0] & 0xff, "a value");
        if (in.nextIs(TokenReader.context(0))) {
          in.integer(0, "a number");
        }
        in.rest();
        in.leave(outer, "a value");
      }
    } catch (RefusedTokenException expected) {
      return;
    }
  }
}
