// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.testkit.EmbeddedKdc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that has not even the module of the JDK's Kerberos. */
class WithoutJgssTest {
  @TempDir Path directory;

  @Test
  void ticketsTokensAndProofsNeedNothingOfIt() throws Exception {
    try (var kdc = EmbeddedKdc.start("BARE.EXAMPLE")) {
      String self = kdc.principal("HTTP/self.shop");
      Path keytab = kdc.keytab(directory.resolve("keytab"), self);
      Path output = directory.resolve("output");
      Process jvm =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--limit-modules",
                  "java.base,java.logging,java.naming",
                  "-classpath",
                  System.getProperty("java.class.path"),
                  CallWithoutJgss.class.getName(),
                  kdc.krb5Conf().toString(),
                  self,
                  keytab.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
        assertThat(Files.readString(output))
            .contains("CALLED BY kerberos:HTTP/self.shop@BARE.EXAMPLE")
            .contains("PROVEN Complete")
            .contains("JGSS Optional.empty");
      } finally {
        jvm.destroyForcibly();
      }
    }
  }
}
