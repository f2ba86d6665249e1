// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Path output = directory.resolve("output");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-Djava.security.krb5.conf=" + krb5Conf,
                OpenInThisJvm.class.getName(),
                PRINCIPAL,
                keytab.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
      return Files.readString(output);
    } finally {
      jvm.destroyForcibly();
    }
  }
}
