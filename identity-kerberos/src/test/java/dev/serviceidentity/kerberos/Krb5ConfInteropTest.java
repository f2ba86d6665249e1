// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MIT's library reads the same files, and says in its trace what it has understood. */
class Krb5ConfInteropTest {
  @TempDir Path directory;

  @Test
  void mitAsksTheKdcsThatWeReadInTheSameOrder() throws Exception {
    Path included = Files.createDirectory(directory.resolve("conf.d"));
    String second = "[realms]\nA.TEST = {\nkdc = 127.0.0.1:2\n}\n";
    Files.writeString(included.resolve("b.conf"), second);
    Files.writeString(included.resolve("c.conf.bak"), second.replace(":2", ":9"));
    Path conf =
        Files.writeString(
            directory.resolve("krb5.conf"),
            """
            words that are not read
            [libdefaults]*
              default_realm* = "A.TEST" # ours
              default_realm = B.TEST
              udp_preference_limit = 1
              dns_lookup_kdc = false
            [realms]
            A.TEST* =
            {
              kdc = 127.0.0.1:1
            includedir %s
            }*
            ; the same realm again
            A.TEST = {
              kdc = 127.0.0.1:3
            }
            """
                .formatted(included));
    Krb5Conf read = Krb5Conf.read(conf);
    List<String> ours = read.config().kdcs("A.TEST").stream().map(KdcAddress::toString).toList();
    assertThat(ours).containsExactly("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
    String trace = traceOfKinit(conf);
    assertThat(trace).contains("Getting initial credentials for web@A.TEST");
    assertThat(read.config().defaultRealm()).contains("A.TEST");
    List<String> theirs =
        trace
            .lines()
            .filter(line -> line.contains("Initiating TCP connection to stream "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .distinct()
            .toList();
    assertThat(theirs).isEqualTo(ours);
  }

  /** Nobody listens, so kinit fails after it has tried all. */
  private String traceOfKinit(Path conf) throws IOException, InterruptedException {
    Path trace = directory.resolve("trace");
    Process kinit =
        RealProgram.required("kinit", "krb5-user")
            .start(
                Map.of("KRB5_CONFIG", conf.toString(), "KRB5_TRACE", trace.toString()),
                directory.resolve("out"),
                "web");
    try {
      assertThat(kinit.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      kinit.destroyForcibly();
    }
    return Files.readString(trace);
  }
}
