// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;

/** Targets for the fuzzer; in a normal build they run the seeds only. */
class HostileReplyFuzzTest {
  @FuzzTest
  void anyBytesAreAnAnswerOfAnAsOrRefused(byte[] bytes) {
    try {
      KdcAnswer.read(bytes, KdcReply.OF_AS);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyBytesAreAnAnswerOfATgsOrRefused(byte[] bytes) {
    try {
      KdcAnswer.read(bytes, KdcReply.OF_TGS);
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyBytesAreMethodDataOrRefused(byte[] bytes) {
    try {
      PreAuthentication.read(Octets.of(bytes));
    } catch (RefusedTokenException expected) {
      return;
    }
  }

  @FuzzTest
  void anyPlainTextIsAReplyOrRefused(byte[] bytes) {
    try {
      ReplyContent.read(bytes, ForgedReply.KEY);
    } catch (RefusedTokenException expected) {
      return;
    }
  }
}
