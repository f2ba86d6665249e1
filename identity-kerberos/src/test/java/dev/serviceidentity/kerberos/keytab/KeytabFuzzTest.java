// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A target for the fuzzer; in a normal build it runs the seeds only. */
class KeytabFuzzTest {
  @FuzzTest
  void anyBytesAreAKeytabOrMalformed(byte[] bytes) {
    try {
      KeytabReader.read(bytes);
    } catch (MalformedKeytabException expected) {
      return;
    }
  }
}
