// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.DerNode;
import dev.serviceidentity.kerberos.token.TokenForm;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl with tickets of MIT's KDC against our acceptor. */
class CurlInteropTest {
  private static final int CALLERS = 3;
  private static final int CALLS_OF_A_TICKET = 20;
  private static final int ROTATIONS = 4;

  private static final Pattern PROOF = Pattern.compile("(?i)< WWW-Authenticate: Negotiate (\\S+)");

  /** The mechanism and TOK_ID 02 00 (RFC 4121 section 4.1), and the AP-REP. */
  private static final byte[] AP_REPLY = Der.join(Der.KRB5, Der.bytes("0200 6f"));

  @TempDir Path directory;
  private final Set<String> versions = ConcurrentHashMap.newKeySet();
  private RealProgram curl;
  private RealProgram klist;
  private RealProgram getTicket;
  private MitRealm realm;
  private Path alice;

  @BeforeEach
  void startRealm() throws Exception {
    curl = RealProgram.required("curl", "curl");
    klist = RealProgram.required("klist", "krb5-user");
    getTicket = RealProgram.required("kvno", "krb5-user");
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
  @ValueSource(
      strings = {
        "aes128-cts-hmac-sha1-96",
        "aes256-cts-hmac-sha1-96",
        "aes128-cts-hmac-sha256-128",
        "aes256-cts-hmac-sha384-192"
      })
  void aCallWithATicketOfEveryTypeIsVerifiedAndAnsweredWithOurProof(String type) throws Exception {
    String host = type + ".test";
    Path keytab = realm.service("HTTP/" + host, type);
    Map<String, String> caller = realm.login("alice", alice);
    try (var server = new GreetingServer("HTTP/" + host, keytab)) {
      String said = curl(caller, server, host, "/", "--verbose");
      assertThat(said).contains("< HTTP/1.1 200 OK").contains("hello kerberos:alice@MIT.EXAMPLE");
      assertThat(proof(said)).startsWith(AP_REPLY);
      assertThat(klist.run(caller, directory, "-e"))
          .contains("Etype (skey, tkt): " + type + ", " + type);
    }
  }

  /**
   * A ticket that the KDC issues after ktadd has changed its database and before ktadd has written
   * the file cannot be opened by anybody; so tickets are obtained before ktadd or after it, and
   * used at all times.
   */
  @Test
  void noCallFailsWhileKeysAreRotatedByKtadd() throws Exception {
    Path keytab = realm.principal("HTTP/orders.test");
    var rotation = new ReentrantReadWriteLock(true);
    var stop = new AtomicBoolean();
    var withNewTicket = new Semaphore(0);
    var calls = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (var server = new GreetingServer("HTTP/orders.test", keytab)) {
      Callable<Void> caller =
          () -> {
            while (!stop.get()) {
              Map<String, String> ticket = ticketOutsideOf(rotation);
              calls.addAndGet(callManyTimes(ticket, server));
              withNewTicket.release();
            }
            return null;
          };
      List<Future<Void>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(threads.submit(caller));
      }
      for (int i = 0; i < ROTATIONS; i++) {
        awaitCallers(withNewTicket, callers);
        rotate(rotation, keytab);
      }
      awaitCallers(withNewTicket, callers);
      stop.set(true);
      for (Future<Void> each : callers) {
        each.get(60, TimeUnit.SECONDS);
      }
      assertThat(server.refused()).isEmpty();
      assertThat(versions).as("the versions of the tickets' keys").hasSize(1 + ROTATIONS);
      assertThat(calls.get()).isGreaterThanOrEqualTo(ROTATIONS * CALLERS * CALLS_OF_A_TICKET);
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  /** The Kerberos token in the one answer of the negotiation, which completes it. */
  private static byte[] proof(String said) throws RefusedTokenException {
    List<String> proofs = PROOF.matcher(said).results().map(found -> found.group(1)).toList();
    assertThat(proofs).hasSize(1);
    byte[] token =
        TokenForm.SPNEGO.read(Base64.getDecoder().decode(proofs.get(0))).completed().copy();
    return DerNode.of(token).content();
  }

  private void rotate(ReadWriteLock rotation, Path keytab) throws Exception {
    rotation.writeLock().lock();
    try {
      realm.rotate("HTTP/orders.test", keytab);
    } finally {
      rotation.writeLock().unlock();
    }
  }

  /** Twice as many rounds as there are callers: someone has begun and ended one since. */
  private static void awaitCallers(Semaphore rounds, List<Future<Void>> callers) throws Exception {
    rounds.drainPermits();
    while (!rounds.tryAcquire(2 * CALLERS, 1, TimeUnit.SECONDS)) {
      for (Future<Void> caller : callers) {
        if (caller.isDone()) {
          caller.get(); // Throws what has ended it.
        }
      }
    }
  }

  private Map<String, String> ticketOutsideOf(ReadWriteLock rotation) throws Exception {
    rotation.readLock().lock();
    try {
      Map<String, String> caller = realm.login("alice", alice);
      versions.add(getTicket.run(caller, directory, "HTTP/orders.test@" + MitRealm.REALM));
      return caller;
    } finally {
      rotation.readLock().unlock();
    }
  }

  private int callManyTimes(Map<String, String> caller, GreetingServer server) throws Exception {
    String answers =
        curl(
            caller,
            server,
            "orders.test",
            "/[1-" + CALLS_OF_A_TICKET + "]",
            "--header",
            "Connection: close");
    assertThat(answers.lines())
        .hasSize(CALLS_OF_A_TICKET)
        .allMatch("hello kerberos:alice@MIT.EXAMPLE"::equals);
    return CALLS_OF_A_TICKET;
  }

  private String curl(
      Map<String, String> caller, GreetingServer server, String host, String path, String... more)
      throws Exception {
    var arguments =
        new ArrayList<>(
            List.of("--silent", "--show-error", "--noproxy", "*", "--negotiate", "--user", ":"));
    arguments.addAll(List.of("--resolve", host + ":" + server.port() + ":127.0.0.1"));
    arguments.addAll(List.of(more));
    arguments.add("http://" + host + ":" + server.port() + path);
    return curl.run(caller, directory, arguments.toArray(String[]::new));
  }
}
