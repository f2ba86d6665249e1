// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * gss-client of MIT's samples against our acceptor. It verifies our proof by MIT's own library and
 * goes on only then, which curl does not do. Its frames are a byte of flags and a counted token.
 */
class GssClientInteropTest {
  private static final int NOTHING = 1;
  private static final int CONTEXT = 1 << 1;
  private static final int DATA = 1 << 2;

  @TempDir Path directory;
  private RealProgram client;
  private MitRealm realm;
  private Path alice;

  @BeforeEach
  void startRealm() throws Exception {
    client = RealProgram.required("gss-client", "krb5-gss-samples");
    realm = MitRealm.in(directory);
    alice = realm.principal("alice");
  }

  @AfterEach
  void stopRealm() {
    if (realm != null) {
      realm.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-krb5, aes128-cts-hmac-sha1-96",
    "-krb5, aes256-cts-hmac-sha1-96",
    "-krb5, aes128-cts-hmac-sha256-128",
    "-krb5, aes256-cts-hmac-sha384-192",
    "-spnego, aes128-cts-hmac-sha1-96",
    "-spnego, aes256-cts-hmac-sha1-96",
    "-spnego, aes128-cts-hmac-sha256-128",
    "-spnego, aes256-cts-hmac-sha384-192"
  })
  void itTakesOurProofAndSendsItsMessage(String mechanism, String type) throws Exception {
    Path keytab = realm.service("HTTP/orders.test", type);
    Map<String, String> caller = realm.login("alice", alice);
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        KerberosIdentity orders = MitRealm.acceptor("HTTP/orders.test", keytab)) {
      var said = new CompletableFuture<List<String>>();
      said.completeAsync(() -> serve(server, orders));
      assertThat(greet(caller, mechanism, server.getLocalPort()))
          .contains("GSS_C_MUTUAL_FLAG")
          .contains("Response received.");
      assertThat(said.get(30, TimeUnit.SECONDS))
          .containsExactly("kerberos:alice@MIT.EXAMPLE", "good morning");
    }
  }

  /** Neither wrapped nor encrypted nor signed: those are services of GSS-API, not ours. */
  private String greet(Map<String, String> caller, String mechanism, int port) throws Exception {
    return client.run(
        caller,
        directory,
        "-port",
        Integer.toString(port),
        mechanism,
        "-nw",
        "-nx",
        "-nm",
        "127.0.0.1",
        "HTTP@orders.test",
        "good morning");
  }

  /** Serves one client, and returns who it was and what it said. */
  private static List<String> serve(ServerSocket server, KerberosIdentity orders) {
    var said = new ArrayList<String>();
    try (Socket socket = server.accept()) {
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      int flags = in.readUnsignedByte();
      byte[] token = in.readNBytes(in.readInt());
      while (token.length > 0 || said.isEmpty()) {
        if ((flags & CONTEXT) != 0) {
          var verified = (Verification.Verified) orders.callers().verify(evidence(socket, token));
          said.add(verified.caller().toString());
          send(out, CONTEXT, proof(verified));
        } else if ((flags & DATA) != 0) {
          said.add(new String(token, StandardCharsets.US_ASCII));
          send(out, NOTHING, new byte[0]);
        }
        flags = in.readUnsignedByte();
        token = in.readNBytes(in.readInt());
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return said;
  }

  private static void send(DataOutputStream out, int flags, byte[] token) throws IOException {
    out.writeByte(flags);
    out.writeInt(token.length);
    out.write(token);
    out.flush();
  }

  private static CallerEvidence evidence(Socket socket, byte[] token) {
    String field = "Negotiate " + Base64.getEncoder().encodeToString(token);
    return CallerEvidence.of(
            (InetSocketAddress) socket.getRemoteSocketAddress(),
            (InetSocketAddress) socket.getLocalSocketAddress())
        .headers(Map.of("Authorization", List.of(field)));
  }

  private static byte[] proof(Verification.Verified verified) {
    var fields = new ArrayList<String>();
    verified.applyTo((name, value) -> fields.add(value));
    return Base64.getDecoder().decode(fields.get(0).substring("Negotiate ".length()));
  }
}
