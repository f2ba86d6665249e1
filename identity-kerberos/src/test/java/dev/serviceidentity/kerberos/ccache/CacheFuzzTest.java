// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.kerberos.crypto.Workshop;

/** A target for the fuzzer; in a normal build it runs the seeds only. */
class CacheFuzzTest {
  private static final Workshop WORKSHOP = new Workshop();

  @FuzzTest
  void anyBytesAreACredentialCacheOrMalformed(byte[] bytes) {
    try {
      CacheReader.read(bytes, WORKSHOP);
    } catch (MalformedCacheException expected) {
      return;
    }
  }
}
