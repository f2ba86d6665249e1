// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our tokens before gss-server of MIT's samples, which accepts them by MIT's own library. Its
 * frames are a byte of flags and a counted token.
 */
class GssServerInteropTest {
  private static final int NOTHING = 1;
  private static final int CONTEXT = 1 << 1;
  private static final int DATA = 1 << 2;
  private static final int CONTEXT_NEXT = 1 << 4;

  @TempDir Path directory;
  private RealProgram server;

  @BeforeEach
  void find() {
    server = RealProgram.required("gss-server", "krb5-gss-samples");
  }

  @ParameterizedTest
  @CsvSource({
    "17, true",
    "18, true",
    "19, true",
    "20, true",
    "17, false",
    "18, false",
    "19, false",
    "20, false"
  })
  void itTakesOurTokenAndProvesItself(int etype, boolean spnego) throws Exception {
    var service = new RealService(directory, etype);
    Target target = RealService.at("https", 443);
    RequestCredentials mine =
        service.alice().credentialsFor(spnego ? target : target.withoutSpnego());
    var called = new Call(service, mine);
    assertThat(called.reply).isInstanceOf(Reply.Complete.class);
    assertThat(called.log)
        .contains("Accepted connection: \"alice@SHOP.EXAMPLE\"")
        .contains("GSS_C_MUTUAL_FLAG")
        .contains("GSS_C_REPLAY_FLAG")
        .contains("GSS_C_SEQUENCE_FLAG")
        .contains("GSS_C_INTEG_FLAG")
        .contains("67 6f 6f 64 20 6d 6f 72 6e 69 6e 67"); // good morning
  }

  @Test
  void itTakesATokenThatIsBoundToAConnectionWhichItDoesNotKnow() throws Exception {
    byte[] binding = "tls-server-end-point:x".getBytes(StandardCharsets.US_ASCII);
    Target bound = RealService.at("https", 443).channelBinding(ChannelBinding.of(binding));
    var service = new RealService(directory, 18);
    assertThat(new Call(service, service.alice().credentialsFor(bound)).reply)
        .isInstanceOf(Reply.Complete.class);
  }

  @Test
  void itsRefusalIsToldByTheNameOfItsError() throws Exception {
    var service = new RealService(directory, 18);
    Target bare = RealService.at("https", 443).withoutSpnego();
    var called = new Call(service, service.aliceWithTicketOfAnotherKey().credentialsFor(bare));
    assertThat(called.reply).isInstanceOf(Reply.Failed.class);
    assertThat(((Reply.Failed) called.reply).reason())
        .startsWith("What answered is not proven to be HTTP/orders.shop@SHOP.EXAMPLE: it answers")
        .contains("KRB_AP_ERR_");
  }

  @Test
  void itTakesTheTokenOfWhoHasLoggedInAtMitsKdc() throws Exception {
    try (MitRealm realm = MitRealm.named(MitRealm.REALM, directory.resolve("realm"), "")) {
      Path keytab = realm.principal("HTTP/orders.test");
      var environment = new HashMap<>(realm.environment());
      environment.put("KRB5RCACHENAME", "file2:" + directory.resolve("replays"));
      try (var web = realm.builder("web", realm.principal("web", "+requires_preauth")).open()) {
        RequestCredentials mine = web.credentialsFor(Target.of(URI.create("https://orders.test")));
        var called = new Call(environment, keytab, "HTTP@orders.test", mine);
        assertThat(called.reply).isInstanceOf(Reply.Complete.class);
        assertThat(called.log)
            .contains("Accepted connection: \"web@MIT.EXAMPLE\"")
            .contains("67 6f 6f 64 20 6d 6f 72 6e 69 6e 67"); // good morning
      }
    }
  }

  /** One call, in which a message follows the token if the service has proven itself. */
  private final class Call {
    private final Reply reply;
    private final String log;

    Call(RealService service, RequestCredentials mine) throws IOException, InterruptedException {
      this(service.environment(), service.keytab(), "HTTP@orders.shop", mine);
    }

    Call(Map<String, String> environment, Path keytab, String name, RequestCredentials mine)
        throws IOException, InterruptedException {
      int port = RealProgram.unusedPort();
      Path output = directory.resolve("gss-server.out");
      Process process =
          server.start(
              environment,
              output,
              "-port",
              Integer.toString(port),
              "-verbose",
              "-keytab",
              keytab.toString(),
              name);
      try {
        RealService.awaitStart(process, port, output);
        this.reply = call(port, mine);
      } finally {
        process.destroy();
        process.waitFor(60, TimeUnit.SECONDS);
      }
      this.log = Files.readString(output, StandardCharsets.ISO_8859_1);
    }
  }

  private static Reply call(int port, RequestCredentials mine) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      var out = new DataOutputStream(socket.getOutputStream());
      var in = new DataInputStream(socket.getInputStream());
      send(out, NOTHING | CONTEXT_NEXT, new byte[0]);
      send(out, CONTEXT, HeldTicket.token(mine));
      in.readUnsignedByte();
      byte[] answer = in.readNBytes(in.readInt());
      Reply reply = mine.verifyReply(200, HeldTicket.fields(answer));
      if (reply instanceof Reply.Complete) {
        send(out, DATA, "good morning".getBytes(StandardCharsets.US_ASCII));
        assertThat(in.readUnsignedByte()).isEqualTo(NOTHING);
      }
      return reply;
    }
  }

  private static void send(DataOutputStream out, int flags, byte[] token) throws IOException {
    out.writeByte(flags);
    out.writeInt(token.length);
    out.write(token);
    out.flush();
  }
}
