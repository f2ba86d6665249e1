// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that were started without the krb5.conf that they need. */
class LauncherTest {
  private static final String PRINCIPAL = "x@" + TestRealms.UNKNOWN;

  @TempDir Path directory;

  @Test
  void aKrb5ConfThatIsNotThereIsAMatterOfTheLauncher() throws Exception {
    assertThat(opening(directory.resolve("nowhere.conf")))
        .contains("CONFIGURATION ")
        .contains("-Djava.security.krb5.conf=<file>")
        .contains("nowhere.conf', which cannot be read")
        .doesNotContain("the KDC of");
  }

  @Test
  void aRealmThatOnlyTheDnsCouldKnowIsAMatterOfTheLauncher() throws Exception {
    Path file = Files.writeString(directory.resolve("krb5.conf"), "[libdefaults]\n");
    assertThat(opening(file))
        .contains("CONFIGURATION ")
        .contains("names no KDC for the realm UNKNOWN.EXAMPLE")
        .contains("'" + file + "')");
  }

  private String opening(Path krb5Conf) throws IOException, InterruptedException {
    Path keytab =
        Files.write(directory.resolve("x.keytab"), TestRealms.keytabOf("x", TestRealms.UNKNOWN));
    Process jvm =
        ChildJvm.start(
            OpenInThisJvm.class,
            List.of("-Djava.security.krb5.conf=" + krb5Conf),
            PRINCIPAL,
            keytab);
    try {
      var output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
      return output;
    } finally {
      jvm.destroyForcibly();
    }
  }
}
