// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.kerberos.initiator.Initiator;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a server of MIT's library needs to accept callers: a keytab and a krb5.conf, and no KDC,
 * since whoever has its key can make tickets for it.
 */
final class RealService {
  private static final int LONGEST_START_SECONDS = 60;

  private final Path directory;
  private final KeytabEntry key;

  RealService(Path directory, int etype) throws IOException {
    this.directory = directory;
    int length = etype % 2 == 0 ? 32 : 16;
    PrincipalName name = PrincipalName.parse("HTTP/orders.shop@SHOP.EXAMPLE");
    this.key =
        new KeytabEntry(
            name, Instant.now(), KeyVersion.of(2), etype, ForgedToken.filled(length, 40 + etype));
    Files.write(keytab(), ForgedKeytab.of(List.of(key)));
    Files.writeString(
        directory.resolve("krb5.conf"),
        """
        [libdefaults]
        default_realm = SHOP.EXAMPLE
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        dns_lookup_realm = false
        [domain_realm]
        .shop = SHOP.EXAMPLE
        """);
  }

  Path keytab() {
    return directory.resolve("orders.keytab");
  }

  Map<String, String> environment() {
    return Map.of(
        "KRB5_CONFIG",
        directory.resolve("krb5.conf").toString(),
        "KRB5RCACHENAME",
        "file2:" + directory.resolve("replays"));
  }

  /** Alice, with a ticket that somebody made who has the key. */
  Initiator alice() {
    ForgedToken forged = new ForgedToken(key, Instant.now()).session(key.etype());
    return HeldTicket.initiator(forged.held(), Clock.systemUTC());
  }

  /** Alice with a ticket that the service cannot open. */
  Initiator aliceWithTicketOfAnotherKey() {
    var other =
        new KeytabEntry(
            key.principal(),
            key.written(),
            key.version(),
            key.etype(),
            ForgedToken.filled(key.key().length, 1));
    ForgedToken forged = new ForgedToken(other, Instant.now()).session(key.etype());
    return HeldTicket.initiator(forged.held(), Clock.systemUTC());
  }

  static Target at(String scheme, int port) {
    return Target.of(URI.create(scheme + "://127.0.0.1:" + port))
        .servicePrincipal("HTTP/orders.shop");
  }

  /** Waits until a program listens. */
  static void awaitStart(Process program, int port, Path output)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (!listens(port)) {
      boolean ended = program.waitFor(20, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() > end) {
        program.destroyForcibly();
        assertThat(Files.readString(output)).as("what it says that does not listen").isNull();
      }
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
