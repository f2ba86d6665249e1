// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.kdc.ForgedReply.CLIENT;
import static dev.serviceidentity.kerberos.kdc.ForgedReply.NOW;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import dev.serviceidentity.testkit.TestClock;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** KDCs that are down, frozen, slow or no KDCs at all. */
@Timeout(180)
class KdcFaultsTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  /** For KDCs that answer, on however slow a machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestClock clock = TestClock.at(NOW);

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, KdcConnection.LONGEST + 1, Integer.MAX_VALUE})
  void aLengthThatNoKdcSendsIsNamedAndNotBelieved(int length) {
    try (var kdc =
        ScriptedKdc.serving(
            (request, connection) ->
                new DataOutputStream(connection.getOutputStream()).writeInt(length))) {
      IdentityException failure = fails(kdc.address());

      assertThat(failure.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
      assertThat(failure)
          .hasMessageContaining(
              kdc.address() + " announced an answer of " + (length & 0xffffffffL) + " bytes");
    }
  }

  @Test
  void aKdcThatRefusesIsNamed() {
    try (var closed = DeafPort.any()) {
      assertThat(fails(closed.address()))
          .hasMessage(
              "The login of orders@SHOP.EXAMPLE failed: no KDC of SHOP.EXAMPLE answers: "
                  + closed.address()
                  + " refused the connection. Check that a KDC runs there and listens on TCP, and"
                  + " the network policies towards it.");
    }
  }

  @Test
  void aFrozenKdcIsLeftInTime() throws InterruptedException {
    var frozen = new CountDownLatch(1);
    try (var kdc = ScriptedKdc.serving((request, connection) -> frozen.await())) {
      inTime(kdc.address(), " did not answer within 300 ms");
      frozen.countDown();
    }
  }

  @Test
  void aKdcThatNeverAcceptsIsLeftInTime() throws IOException {
    // One place in the queue of the kernel, which is taken.
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var taken = new ArrayList<Socket>();
      for (int i = 0; i < 2; i++) {
        taken.add(new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort()));
      }
      inTime("127.0.0.1:" + full.getLocalPort(), " did not ");
      for (Socket each : taken) {
        each.close();
      }
    }
  }

  @Test
  void aKdcThatDripsBytesIsLeftInTime() {
    try (var kdc =
        ScriptedKdc.serving(
            (request, connection) -> {
              var out = new DataOutputStream(connection.getOutputStream());
              out.writeInt(1000);
              for (int i = 0; i < 999; i++) {
                out.write(0);
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
              }
            })) {
      inTime(kdc.address(), " did not answer within 300 ms");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 100})
  void aKdcThatHangsUpIsNamed(int bytes) {
    try (var kdc =
        ScriptedKdc.serving(
            (request, connection) -> {
              connection.getOutputStream().write(new byte[] {0, 0, 1, 0});
              connection.getOutputStream().write(new byte[bytes]);
              connection.shutdownOutput();
            })) {
      assertThat(fails(kdc.address()))
          .hasMessageContaining(kdc.address() + " closed the connection without a whole answer");
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    KdcClient client = client(config("kdc.nowhere"), host -> lookupFails(host));

    assertThatThrownBy(() -> client.login(CLIENT, ForgedReply.keys()))
        .hasMessageContaining("kdc.nowhere:88 has no address in the DNS");
  }

  private static InetAddress[] lookupFails(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  /** In the time that a loaded machine takes until the resolver begins at all. */
  @Test
  void aResolverThatHangsIsLeftInTime() {
    var hanging = new CountDownLatch(1);
    KdcClient client =
        client(
            config("kdc.slow").kdcTimeout(Duration.ofSeconds(5)),
            host -> {
              try {
                hanging.await();
              } catch (InterruptedException left) {
                hanging.countDown();
              }
              throw new UnknownHostException(host);
            });

    assertThatThrownBy(() -> client.login(CLIENT, ForgedReply.keys()))
        .hasMessageContaining("kdc.slow:88 could not be found in the DNS within 5 s");
    assertThat(interruptReaches(hanging)).isTrue();
  }

  private static boolean interruptReaches(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aHostIsReachedByItsSecondAddress() throws UnknownHostException {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      String port = kdc.address().substring(kdc.address().indexOf(':'));
      InetAddress dead = InetAddress.getByAddress(new byte[] {127, 9, 9, 9});
      InetAddress[] both = {dead, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})};
      KdcClient client = client(config("kdc.shop" + port), host -> both);

      assertThat(client.login(CLIENT, ForgedReply.keys()).client()).isEqualTo(CLIENT);
    }
  }

  @Test
  void anInterruptEndsTheWait() {
    try (var kdc = ScriptedKdc.serving((request, connection) -> new CountDownLatch(1).await())) {
      KdcClient client = client(config(kdc.address()));
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> client.login(CLIENT, ForgedReply.keys()))
          .hasMessageContaining("was interrupted while it waited for " + kdc.address());
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void ofAKeyThatIsNotTheKdcsTheCureIsSaidAfterAllAddressesAndTheNextKdcIsAsked() {
    try (var other =
            ScriptedKdc.answering(
                request -> ForgedReply.to(request, reply -> reply.key = ForgedReply.OTHER));
        var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      assertThat(fails(other.address()))
          .hasMessage(
              "The login of orders@SHOP.EXAMPLE failed: no KDC of SHOP.EXAMPLE gave a usable"
                  + " answer: "
                  + other.address()
                  + " (its answer does not open with the keytab's key). The key of"
                  + " orders@SHOP.EXAMPLE in the keytab is not the KDC's: write a new keytab"
                  + " (kadmin: ktadd -k). If that is no KDC of SHOP.EXAMPLE, somebody answers in"
                  + " its place.");

      KdcClient client = client(config(other.address(), kdc.address()));
      assertThat(client.login(CLIENT, ForgedReply.keys()).client()).isEqualTo(CLIENT);
    }
  }

  @Test
  void garbageIsNotBelievedAndTheNextIsAsked() {
    try (var garbage = ScriptedKdc.answering(request -> "HTTP/1.1 400".getBytes(US_ASCII));
        var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      assertThat(fails(garbage.address()))
          .hasMessageContaining(garbage.address() + " (the reply is missing or out of order)")
          .hasMessageContaining("somebody answers in its place");

      KdcClient client = client(config(garbage.address(), kdc.address()));
      assertThat(client.login(CLIENT, ForgedReply.keys()).client()).isEqualTo(CLIENT);
    }
  }

  @Test
  void aKdcThatFailedIsAskedLastForAWhile() {
    try (var sick = ScriptedKdc.answering(request -> ForgedReply.error(29, NOW, new byte[0]));
        var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      KdcClient client = client(config(sick.address(), kdc.address()));

      for (int i = 0; i < 10; i++) {
        client.login(CLIENT, ForgedReply.keys());
      }
      assertThat(sick.requests()).isEqualTo(1);
      clock.advance(Duration.ofSeconds(11));
      client.login(CLIENT, ForgedReply.keys());
      assertThat(sick.requests()).isEqualTo(2);
      clock.advance(Duration.ofSeconds(11));
      client.login(CLIENT, ForgedReply.keys());
      assertThat(sick.requests()).as("twice as long the second time").isEqualTo(2);
      assertThat(kdc.requests()).isEqualTo(12);
    }
  }

  @Test
  void allThatHappenedIsToldWhenAllKdcsFail() {
    try (var closed = DeafPort.any();
        var sick = ScriptedKdc.answering(request -> ForgedReply.error(29, NOW, new byte[0]))) {
      assertThat(fails(closed.address(), sick.address()))
          .hasMessageContaining(closed.address() + " refused the connection; " + sick.address())
          .hasMessageContaining("it says KDC_ERR_SVC_UNAVAILABLE (29), 'no\\u000a'");
    }
  }

  @Test
  void everyErrorIsSaidWithItsNameAndWhatToDo() {
    for (int code = 1; code <= 127; code++) {
      int said = code;
      byte[] methods = {0x30, 0x00};
      try (var kdc =
          ScriptedKdc.answering(
              request -> ForgedReply.error(said, NOW, said == 25 ? methods : new byte[0]))) {
        IdentityException failure = fails(kdc.address());

        assertThat(failure.code()).isEqualTo(code == 32 ? Code.EXPIRED : Code.REFUSED);
        assertThat(failure.getMessage())
            .startsWith("The login of orders@SHOP.EXAMPLE failed: ")
            .contains(kdc.address())
            .endsWith(".");
        assertThat(kdc.requests()).isLessThanOrEqualTo(2);
        if (code != 25) {
          assertThat(failure).hasMessageContaining(KdcErrors.name(code));
        }
      }
    }
  }

  @Test
  void aKdcThatWantsProofForEverIsNotAskedForEver() {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.wants(18))) {
      assertThat(fails(kdc.address())).hasMessageContaining("KDC_ERR_PREAUTH_REQUIRED (25)");
      assertThat(kdc.requests()).isEqualTo(2);
    }
  }

  @Test
  void aKdcWithWeakKeysOnlyIsRefusedWithWhatToChangeThere() {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.wants(23, 16))) {
      IdentityException failure = fails(kdc.address());

      assertThat(failure.code()).isEqualTo(Code.CONFIGURATION);
      assertThat(failure)
          .hasMessageContaining("has keys of arcfour-hmac (23), des3-cbc-sha1 (16)")
          .hasMessageContaining("the keytab has keys of aes256-cts-hmac-sha1-96 (18)")
          .hasMessageContaining("cpw -randkey -e aes256-cts:normal orders@SHOP.EXAMPLE")
          .hasMessageContaining("permitted_enctypes");
      assertThat(kdc.requests()).isEqualTo(1);
    }
  }

  @Test
  void methodsWithoutNumberMakeNoMessageWithoutEnd() {
    var methods = new TokenWriter(300_000);
    for (int i = 0; i < 13_000; i++) {
      new PaData(1_000_000_000 + i, Octets.of(new byte[0])).write(methods);
    }
    byte[] error = ForgedReply.error(25, NOW, methods.wrap(TokenReader.SEQUENCE, 0).bytes());
    try (var kdc = ScriptedKdc.answering(request -> error)) {
      assertThat(fails(kdc.address()).getMessage()).hasSizeLessThan(1000);
    }
  }

  @Test
  void anAddressWithoutARouteIsNoReasonNotToTryTheNext() throws IOException {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      for (String unroutable : List.of("2001:db8::1", "240.0.0.1", "255.255.255.255")) {
        InetAddress[] addresses = {
          InetAddress.getByName(unroutable), InetAddress.getByName("127.0.0.1")
        };
        String port = kdc.address().split(":", 2)[1];
        KdcClient client =
            client(
                config("kdc.example:" + port).kdcTimeout(Duration.ofSeconds(20)),
                host -> addresses);

        assertThat(client.login(CLIENT, ForgedReply.keys()).client()).isEqualTo(CLIENT);
      }
    }
  }

  @Test
  void aThousandExchangesLeaveNothingBehind() throws InterruptedException {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, reply -> {}))) {
      KdcClient client = client(config(kdc.address()));
      List<Thread> before = threads();

      for (int i = 0; i < 1000; i++) {
        client.login(CLIENT, ForgedReply.keys());
      }

      assertThat(kdc.requests()).isEqualTo(1000);
      assertThat(kdc.stillOpen()).isLessThanOrEqualTo(1);
      for (Thread other : threads()) {
        if (!before.contains(other)) {
          other.join(60_000); // One of a test beside this one ends.
          assertThat(other.isAlive()).as(other.getName()).isFalse();
        }
      }
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("identity-kdc"))
        .toList();
  }

  @Test
  void noFlippedBitAndNoRandomAnswerIsMoreThanARefusal() {
    long seed = System.nanoTime();
    System.out.println("seed of hostile answers of a KDC: " + seed);
    var random = new Random(seed);
    try (var kdc = ScriptedKdc.answering(request -> mutate(request, random))) {
      KdcClient client = client(config(kdc.address()));
      for (int round = 0; round < 2000; round++) {
        try {
          assertThat(client.login(CLIENT, ForgedReply.keys()).client()).isEqualTo(CLIENT);
        } catch (IdentityException expected) {
          assertThat(expected).as("seed %d", seed).hasMessageStartingWith("The login of orders@");
        }
      }
      assertThat(client.clockOffset()).isZero();
    }
  }

  private static byte[] mutate(byte[] request, Random random) {
    byte[] bytes =
        switch (random.nextInt(4)) {
          case 0 -> ForgedReply.wants(18, 17);
          case 1 -> ForgedReply.error(37, NOW, new byte[0]);
          default -> ForgedReply.to(request, reply -> {});
        };
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private void inTime(String address, String words) {
    long start = System.nanoTime();
    IdentityException failure = fails(config(address).kdcTimeout(LIMIT));

    assertThat(failure.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
    assertThat(failure).hasMessageContaining(address + words);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(LIMIT.minusMillis(5), LIMIT.plusSeconds(60));
  }

  private IdentityException fails(String... addresses) {
    return fails(config(addresses));
  }

  private IdentityException fails(KerberosConfig.Builder config) {
    KdcClient client = client(config);
    return catchThrowableOfType(
        IdentityException.class, () -> client.login(CLIENT, ForgedReply.keys()));
  }

  private static KerberosConfig.Builder config(String... addresses) {
    return KerberosConfig.builder().kdc("SHOP.EXAMPLE", addresses).kdcTimeout(PATIENCE);
  }

  private KdcClient client(KerberosConfig.Builder config) {
    return client(config, KdcFaultsTest::lookupFails);
  }

  private KdcClient client(KerberosConfig.Builder config, HostLookup.Resolver resolver) {
    return new KdcClient(config.build(), ForgedReply.RANDOM, clock, resolver);
  }
}
