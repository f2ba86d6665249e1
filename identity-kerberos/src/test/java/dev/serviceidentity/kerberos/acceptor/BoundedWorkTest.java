// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens as large as they may be, each of which makes the most of one thing that is read before
 * anything is authenticated. What the acceptor does with one is told by the memory it takes, which
 * does not depend on how busy the machine is.
 */
class BoundedWorkTest {
  private static final int LARGE = 60_000;
  private static final int TIMES = 20;

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
    for (int kvno = 4; kvno < 40; kvno++) {
      orders.add(OrdersService.NAME, kvno, 18, kvno);
    }
    orders.write();
    orders.keys().refresh();
  }

  static Stream<Arguments> shapes() {
    byte[] bomb = new byte[0];
    while (bomb.length < LARGE) {
      bomb = Der.tlv(0x6e, bomb);
    }
    byte[] mechanisms = copies(Der.NTLM, LARGE / Der.NTLM.length);
    byte[] components = copies(ForgedMessage.text("a"), LARGE / 3);
    ForgedToken names = token();
    names.ticket.set(
        2,
        new ForgedMessage()
            .set(0, ForgedMessage.integer(1))
            .set(1, Der.tlv(0x30, components))
            .der());
    return Stream.of(
        Arguments.of("nested values", token().frame(bomb)),
        Arguments.of("many mechanisms", Der.spnego(null, mechanisms)),
        Arguments.of("a long object identifier", Der.tlv(0x60, Der.tlv(6, new byte[LARGE]))),
        Arguments.of("many components of a name", names.bytes()),
        Arguments.of("a long name", token().wholeRequest(der -> longName()).bytes()),
        Arguments.of(
            "a ticket that sixteen keys are tried for",
            token().withoutKvno().sealedTicket(cipher -> new byte[LARGE]).bytes()),
        Arguments.of("zeros", new byte[LARGE]),
        Arguments.of("NTLM", Arrays.copyOf("NTLMSSP\0".getBytes(), LARGE)));
  }

  /** It is read, decoded from base64, and each try to open a ticket is bounded by the MAC. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void whatATokenCostsBeforeItIsAuthenticatedIsAFewTimesItsSize(String shape, byte[] token) {
    CallerEvidence evidence = TokenSurgery.evidence(token);
    assertThat(orders.verify(evidence)).isInstanceOf(Verification.Rejected.class);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < TIMES; i++) {
      orders.verify(evidence);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / TIMES;
    assertThat(each).isLessThan(10L * LARGE);
  }

  private static byte[] longName() {
    ForgedToken token = token();
    token.ticket.set(2, ForgedMessage.name("HTTP", "a".repeat(LARGE)));
    return token.sealed();
  }

  private static byte[] copies(byte[] part, int count) {
    return Der.join(Collections.nCopies(count, part).toArray(byte[][]::new));
  }

  private static ForgedToken token() {
    var key =
        new KeytabEntry(
            OrdersService.NAME,
            OrdersService.NOON,
            KeyVersion.of(3),
            18,
            ForgedToken.filled(32, 3 * 20 + 18));
    return new ForgedToken(key, OrdersService.NOON);
  }
}
