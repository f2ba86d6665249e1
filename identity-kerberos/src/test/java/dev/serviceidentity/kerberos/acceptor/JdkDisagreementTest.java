// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.jgss.JdkWitness;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changed tokens, each of them before our acceptor and the JDK's: where one accepts and the other
 * does not, the disagreement is one of a written list.
 */
class JdkDisagreementTest {
  /** Where the two differ about a token that was changed without any key, and why we differ. */
  private enum Unkeyed {
    /** The JDK takes other tags, lengths that are not minimal, and bytes behind the end. */
    LAX_DER,
    /** The JDK does not hold the cleartext service name or realm against the key that fits. */
    SERVICE_NAME,
    /** The JDK tries other keys of the type where the keytab lacks the version. */
    KEY_VERSION,
    /** The JDK does not hold ap-options against the flags that are authenticated. */
    MUTUAL_OPTION,
    /** The JDK ignores the option of user-to-user authentication. */
    USER_TO_USER,
    /** The JDK refuses an impossible object identifier of a mechanism that nobody chooses. */
    OTHER_MECHANISM
  }

  /** What somebody who has the keys may write, and whether we and the JDK accept it. */
  private enum Keyed {
    GENUINE(true, true, token -> {}),
    NOT_MUTUAL(true, true, ForgedToken::notMutual),
    UNKNOWN_OPTION(true, true, token -> token.options(0x20000001)),
    EXTENSION_OF_CHECKSUM(true, true, token -> token.checksum(more(new byte[] {0, 0, 0, 1}))),
    SKEWED_LITTLE(true, true, token -> token.sent(Duration.ofMinutes(-4))),
    SKEWED_MUCH(false, false, token -> token.sent(Duration.ofMinutes(-10))),
    ENDED_LONG_AGO(
        false, false, token -> token.valid(Duration.ofHours(-1), Duration.ofMinutes(-6))),
    BEGINS_LATE(false, false, token -> token.valid(Duration.ofMinutes(6), Duration.ofHours(1))),
    INVALID(false, false, token -> token.ticketFlags(0x01000000)),
    ANOTHER_SENDER(false, false, token -> token.sentBy("mallory")),
    WRONG_LENGTH_OF_BINDINGS(
        false, false, token -> token.checksum(ForgedToken.checksum(15, new byte[16], 2))),
    SHORT_CHECKSUM(false, false, token -> token.checksum(new byte[23])),
    ANOTHER_CHECKSUM(false, false, token -> token.checksum(16, new byte[24])),
    SPLIT_DIFFERENTLY(false, false, token -> token.client("a", "b").sentBy("a/b")),
    /** The JDK does not read authorization-data. */
    CRITICAL_AUTHORIZATION_DATA(
        false,
        true,
        token -> token.contents.set(10, ForgedMessage.authorizationData(512, new byte[1]))),
    /** The JDK leaves the realms that clients come from to the application. */
    ANOTHER_REALM(false, true, token -> token.realm("PARTNER.EXAMPLE")),
    /** The JDK takes the microseconds for what they are not. */
    IMPOSSIBLE_CUSEC(
        false, true, token -> token.authenticator.set(4, ForgedMessage.integer(1_000_000))),
    /** The JDK ignores the flag. */
    DCE_STYLE(false, true, token -> token.checksum(ForgedToken.checksum(16, new byte[16], 0x1002)));

    private final boolean ours;
    private final boolean jdk;
    private final Consumer<ForgedToken> change;

    Keyed(boolean ours, boolean jdk, Consumer<ForgedToken> change) {
      this.ours = ours;
      this.jdk = jdk;
      this.change = change;
    }

    private static byte[] more(byte[] extension) {
      return Der.join(ForgedToken.checksum(16, new byte[16], 2), extension);
    }
  }

  /**
   * Where the JDK forgives DER that is wrong, by what we say of it: of all that stands in the
   * clear, what it decodes itself. What our refusals say of any other place, the JDK must say, too.
   */
  private static final Set<String> LAX_DER =
      Set.of(
          "the GSS-API token is longer than what encloses it",
          "the GSS-API token has a length that is not minimal or too large",
          "bytes too many in or after the GSS-API token",
          "NegTokenInit is missing or out of order",
          "bytes too many in or after NegTokenInit",
          "mechTypes is missing or out of order",
          "the Kerberos token is longer than what encloses it",
          "the Kerberos token has a length that is not minimal or too large",
          "bytes too many in or after the Kerberos token",
          "pvno is missing or out of order",
          "msg-type is missing or out of order",
          "ap-options is missing or out of order",
          "ap-options is not 32 flags",
          "bytes too many in or after ap-options",
          "the ticket is missing or out of order",
          "tkt-vno is missing or out of order",
          "the ticket's realm or sname is missing or out of order",
          "bytes too many in or after the ticket's realm or sname",
          "the authenticator is missing or out of order");

  /** More bytes than SPNEGO puts before the Kerberos token. */
  private static final int FRAME = 60;

  @TempDir Path directory;
  private OrdersService orders;
  private JdkWitness jdk;

  @BeforeEach
  void open() {
    orders = new OrdersService(directory, AcceptorSettings.USUAL.replays(new Forgetful()));
    jdk = new JdkWitness(orders.key(18));
  }

  @Test
  void everyFlippedBitIsJudgedAlikeOrListed() {
    var seen = EnumSet.noneOf(Unkeyed.class);
    for (boolean spnego : new boolean[] {false, true}) {
      // The Kerberos token in a frame of SPNEGO is the one without.
      int bits = (spnego ? FRAME : token(false).length) * 8;
      for (int bit = 0; bit < bits; bit++) {
        byte[] changed = token(spnego);
        if (bit < changed.length * 8) {
          changed[bit / 8] ^= (byte) (0x80 >>> (bit % 8));
          compare(changed, "bit " + bit, seen);
        }
      }
    }
    assertThat(seen).isEqualTo(EnumSet.allOf(Unkeyed.class));
  }

  @Test
  void randomChangesAreJudgedAlikeOrListed() {
    long seed = System.nanoTime();
    System.out.println("seed of tokens for two acceptors: " + seed);
    var random = new Random(seed);
    var seen = EnumSet.noneOf(Unkeyed.class);
    for (int round = 0; round < 1500; round++) {
      byte[] changed = token(random.nextBoolean());
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(changed.length + 9) : changed.length;
      compare(Arrays.copyOf(changed, length), "seed " + seed, seen);
    }
  }

  @Test
  void whatIsSealedWithTheKeysIsJudgedAsListed() {
    var found = new EnumMap<Keyed, String>(Keyed.class);
    var listed = new EnumMap<Keyed, String>(Keyed.class);
    for (Keyed variant : Keyed.values()) {
      orders.clock().set(Instant.now());
      ForgedToken token = orders.token();
      variant.change.accept(token);
      byte[] bytes = token.bytes();
      boolean ours = orders.verify(bytes) instanceof Verification.Verified;
      found.put(variant, "ours " + ours + ", jdk " + jdk.accepts(bytes));
      listed.put(variant, "ours " + variant.ours + ", jdk " + variant.jdk);
    }
    assertThat((Map<Keyed, String>) found).isEqualTo(listed);
  }

  private void compare(byte[] token, String what, Set<Unkeyed> seen) {
    Verification ours = orders.verify(token);
    boolean accepted = ours instanceof Verification.Verified;
    if (accepted != jdk.accepts(token)) {
      seen.add(accepted ? otherMechanism(token, what) : listed((Verification.Rejected) ours, what));
    }
  }

  /** Only SPNEGO has a list of mechanisms, and ours is the first of two: the second is not NTLM. */
  private static Unkeyed otherMechanism(byte[] token, String what) {
    try {
      NegotiateToken.Offer offer = NegotiateToken.read(token).offer();
      assertThat(offer).as(what).isNotNull();
      assertThat(offer.mechanisms().copy())
          .as(what)
          .isNotEqualTo(Der.tlv(0x30, Der.KRB5, Der.NTLM));
      return Unkeyed.OTHER_MECHANISM;
    } catch (RefusedTokenException impossible) {
      throw new AssertionError(what + ": accepted, and now refused", impossible);
    }
  }

  private static Unkeyed listed(Verification.Rejected rejected, String what) {
    return switch ((KerberosRejection) rejected.reason()) {
      case MALFORMED_TOKEN -> {
        assertThat(withoutCount(rejected.detail())).as(what).isIn(LAX_DER);
        yield Unkeyed.LAX_DER;
      }
      case WRONG_SERVICE -> Unkeyed.SERVICE_NAME;
      case KEYTAB_STALE -> Unkeyed.KEY_VERSION;
      case WRONG_KEY -> {
        assertThat(rejected.detail()).as(what).doesNotContain("the ticket has kvno 3");
        yield Unkeyed.KEY_VERSION;
      }
      case TAMPERED -> {
        assertThat(rejected.detail()).as(what).contains("disagree on mutual");
        yield Unkeyed.MUTUAL_OPTION;
      }
      case USER_TO_USER -> Unkeyed.USER_TO_USER;
      default -> throw new AssertionError(what + ": only the JDK accepts, and we say " + rejected);
    };
  }

  private static String withoutCount(String detail) {
    return detail.replaceFirst("^\\d+ bytes", "bytes");
  }

  private byte[] token(boolean spnego) {
    orders.clock().set(Instant.now());
    byte[] bare = orders.token().bytes();
    return spnego ? Der.spnego(bare, Der.KRB5, Der.NTLM) : bare;
  }
}
