// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening an identity that only accepts, and accepting, in a JVM that is watched. */
class NothingOfTheJvmTest {
  private static final String ACCEPTED = "Verified[caller=kerberos:alice@SHOP.EXAMPLE";

  /**
   * JAAS, the JDK's GSS-API and Kerberos, and the library that only our client uses. One name of
   * JAAS stands in the table of what security providers can make.
   */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "\\b(javax\\.security\\.auth\\.(login(?!\\.Configuration\\$Parameters )"
              + "|kerberos|Subject|callback)"
              + "|com\\.sun\\.security\\.(auth|jgss)|sun\\.security\\.(jgss|krb5)"
              + "|org\\.ietf\\.jgss|org\\.apache\\.kerby)");

  @TempDir Path directory;
  private Path keytab;
  private String token;

  @BeforeEach
  void forge() {
    var orders = OrdersService.in(directory);
    keytab = directory.resolve("orders.keytab");
    // After the other JVM has begun to remember what it accepts.
    Instant later = Instant.now().plus(Duration.ofMinutes(2));
    byte[] bytes = new ForgedToken(orders.key(18), later).bytes();
    token = Base64.getEncoder().encodeToString(Der.spnego(bytes, Der.KRB5));
  }

  @Test
  void noClassOfJaasOrTheGssApiIsLoadedAndNoKrb5ConfIsRead() throws Exception {
    Path log = directory.resolve("classes.log");
    // The JDK looks through its providers, of which some are of the GSS-API and of JAAS.
    Path providers =
        Files.writeString(
            directory.resolve("java.security"),
            """
            security.provider.1=SUN
            security.provider.2=SunJCE
            securerandom.source=file:/dev/random
            keystore.type=pkcs12
            """);
    assertThat(accept("-Xlog:class+load:file=" + log, "-Djava.security.properties==" + providers))
        .contains(ACCEPTED);
    List<String> loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(line -> line.contains("kerberos.acceptor.NativeAcceptor "));
    assertThat(loaded.stream().filter(line -> FOREIGN.matcher(line).find())).isEmpty();
  }

  @Test
  void theJvmNeedsNotEvenHaveTheModulesOfTheGssApi() throws Exception {
    assertThat(accept("--limit-modules=java.base,java.logging")).contains(ACCEPTED);
  }

  private String accept(String... settings) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of(settings));
    all.add("-Djava.security.krb5.conf=" + directory.resolve("nowhere.conf"));
    Process jvm = ChildJvm.start(AcceptInThisJvm.class, all, OrdersService.NAME, keytab, token);
    try {
      var output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
      return output;
    } finally {
      jvm.destroyForcibly();
    }
  }
}
