// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.identity.IdentityException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A target for the fuzzer; in a normal build it runs the seeds only. */
class Krb5ConfFuzzTest {
  @FuzzTest
  void anyTextIsAConfigurationOrAnErrorWithItsPlace(byte[] bytes) {
    // What it could include lies on this machine's disk, and is not what is tried.
    String text = new String(bytes, StandardCharsets.UTF_8).replace("include", "incl-de");
    try {
      Krb5Conf.parse(Path.of("/fuzz/krb5.conf"), text);
    } catch (IdentityException expected) {
      if (!String.valueOf(expected.getMessage()).contains("line ")) {
        throw new AssertionError("no line", expected);
      }
    }
  }
}
