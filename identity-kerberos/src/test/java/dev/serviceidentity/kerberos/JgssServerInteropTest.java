// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole identity with tickets of MIT's KDC before the JDK's acceptor. */
class JgssServerInteropTest {
  @TempDir Path directory;
  private MitRealm realm;

  @BeforeEach
  void start() throws Exception {
    realm = MitRealm.in(directory);
  }

  @AfterEach
  void stop() {
    if (realm != null) {
      realm.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aes128-cts-hmac-sha1-96, true",
    "aes256-cts-hmac-sha1-96, true",
    "aes128-cts-hmac-sha256-128, true",
    "aes256-cts-hmac-sha384-192, true",
    "aes128-cts-hmac-sha256-128, false",
    "aes256-cts-hmac-sha384-192, false"
  })
  void itTakesOurTokenAndProvesItself(String type, boolean spnego) throws Exception {
    Path keys = realm.service("HTTP/stock.test", type);
    Path own = realm.principal("web", "+requires_preauth");
    try (var web = realm.builder("web", own).open()) {
      Target stock = Target.of(URI.create("http://stock.test"));
      RequestCredentials mine = web.credentialsFor(spnego ? stock : stock.withoutSpnego());
      byte[] answer = Base64.getDecoder().decode(answer(keys, HeldTicket.token(mine)));
      assertThat(mine.verifyReply(200, HeldTicket.fields(answer)))
          .isInstanceOf(Reply.Complete.class);
    }
  }

  private String answer(Path keys, byte[] token) throws IOException, InterruptedException {
    Process jvm =
        ChildJvm.start(
            JgssServer.class,
            List.of("-Djava.security.krb5.conf=" + realm.krb5Conf()),
            keys,
            Base64.getEncoder().encodeToString(token));
    try {
      String said = String.valueOf(jvm.inputReader(StandardCharsets.UTF_8).readLine());
      assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("the server ends").isTrue();
      return said;
    } finally {
      jvm.destroyForcibly();
    }
  }
}
