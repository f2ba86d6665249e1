// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.ccache.ForgedCache.Entry;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import dev.serviceidentity.kerberos.wire.RawName;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheReaderTest {
  private static final Workshop WORKSHOP = new Workshop();

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aCacheOfEitherVersionIsRead(int version) throws MalformedCacheException {
    CredentialCache cache = read(ForgedCache.usual(version));
    assertThat(cache.client()).isEqualTo(ForgedCache.CLIENT);
    assertThat(cache.tickets())
        .extracting(Ticket::service)
        .containsExactly(ForgedCache.GRANTING, ForgedCache.STOCK);
    assertThat(cache.clockOffset()).isZero();
    assertThat(cache.leftOut()).isEmpty();
  }

  @Test
  void aTicketHasAllThatTheFileSaysOfIt() throws MalformedCacheException {
    Ticket ticket = only(new Entry(ForgedCache.STOCK));
    assertThat(ticket.client()).isEqualTo(ForgedCache.CLIENT);
    assertThat(ticket.sealed()).isEqualTo(ForgedCache.SEALED);
    assertThat(ticket.sessionKey().type()).isEqualTo(KeyType.AES256_SHA1);
    assertThat(ticket.sessionKey().bytes()).isEqualTo(new byte[32]);
    assertThat(ticket.life())
        .isEqualTo(new Ticket.Life(second(1000), second(1001), second(2000), second(3000)));
    assertThat(ticket.flags())
        .containsExactlyInAnyOrder(
            TicketFlag.FORWARDABLE,
            TicketFlag.RENEWABLE,
            TicketFlag.INITIAL,
            TicketFlag.PRE_AUTHENTICATED);
  }

  @Test
  void timesThatTheKdcLeftOutAreZeroInTheFile() throws MalformedCacheException {
    Ticket ticket = only(new Entry(ForgedCache.STOCK).times(1000, 0, 2000, 0));
    assertThat(ticket.life().startsAt()).isEqualTo(second(1000));
    assertThat(ticket.renewableUntil()).isEmpty();
  }

  @Test
  void timesAfter2038AreRead() throws MalformedCacheException {
    Ticket ticket = only(new Entry(ForgedCache.STOCK).times(1000, 1000, 0xf0000000, 0xffffffff));
    assertThat(ticket.life().endsAt()).isEqualTo(second(0xf0000000L));
    assertThat(ticket.renewableUntil()).contains(second(0xffffffffL));
  }

  @ParameterizedTest
  @CsvSource({"0000000a 0007a120, 10.5", "fffffff6 fff85ee0, -10.5", "00000000 00000000, 0"})
  void theOffsetOfTheKdcsClockIsInTheHeader(String field, double seconds)
      throws MalformedCacheException {
    byte[] header = hex("00ff 0003 010203 0001 0008" + field);
    assertThat(read(new ForgedCache(4, header).bytes()).clockOffset())
        .isEqualTo(Duration.ofMillis((long) (seconds * 1000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00015181", "fffeae7f", "7fffffff", "80000000"})
  void anOffsetOfMoreThanADayIsMalformed(String seconds) {
    malformed(new ForgedCache(4, hex("0001 0008" + seconds + "00000000")).bytes());
  }

  @Test
  void aNameBeyondAsciiIsTheSameNameOnTheWire() throws MalformedCacheException {
    var name = new PrincipalName(List.of("HTTP", "caf\u00c3\u00a9"), "SHOP.EXAMPLE");
    byte[] utf8 = {'c', 'a', 'f', (byte) 0xc3, (byte) 0xa9};
    PrincipalName read = only(new Entry(name)).service();
    assertThat(read).isEqualTo(name);
    assertThat(RawName.of(read).components().copy()).endsWith(utf8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001", "0001 0008 00000001", "0009 ffff 00", "0001 0007 00"})
  void aHeaderThatIsLongerThanItSaysIsMalformed(String header) {
    malformed(new ForgedCache(4, hex(header)).bytes());
  }

  @Test
  void aFieldOfTheHeaderThatReachesIntoThePrincipalIsNamed() {
    byte[] reaching = new ForgedCache(4, hex("0009 0004 00")).bytes();
    assertThatThrownBy(() -> read(reaching))
        .isInstanceOf(MalformedCacheException.class)
        .hasMessageContaining("header whose fields are longer");
  }

  /** As MIT's library leaves them behind (krb5_cc_remove_cred of its release 1.20.1). */
  @Test
  void removedCredentialsAreNoTickets() throws MalformedCacheException {
    byte[] cache =
        new ForgedCache(4)
            .add(new Entry(ForgedCache.STOCK).times(-1, 1000, 0, 0))
            .add(new Entry(ForgedCache.GRANTING))
            .bytes();
    assertThat(read(cache).tickets())
        .extracting(Ticket::service)
        .containsExactly(ForgedCache.GRANTING);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 23, 25, 99})
  void ticketsWithKeysOfOtherTypesAreLeftOutAndTold(int etype) throws MalformedCacheException {
    byte[] bytes =
        new ForgedCache(4)
            .add(new Entry(ForgedCache.STOCK).etype(etype, 16))
            .add(new Entry(ForgedCache.GRANTING))
            .bytes();
    CredentialCache cache = read(bytes);
    assertThat(cache.tickets()).hasSize(1);
    assertThat(cache.leftOut())
        .singleElement()
        .asString()
        .contains("HTTP/stock.shop@SHOP.EXAMPLE", KeyType.describe(etype), "RFC 8429");
  }

  @Test
  void aTicketForAUserIsLeftOutAndTold() throws MalformedCacheException {
    var entry = new Entry(ForgedCache.STOCK);
    entry.toUser = true;
    CredentialCache cache = read(new ForgedCache(4).add(entry).bytes());
    assertThat(cache.tickets()).isEmpty();
    assertThat(cache.leftOut()).singleElement().asString().contains("user to user");
  }

  @Test
  void aCacheWithoutCredentialsIsEmpty() throws MalformedCacheException {
    assertThat(read(new ForgedCache(3).bytes()).tickets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0501", "0502", "0505", "0400", "3c21"})
  void whatIsNoCacheOfTheseVersionsIsNamed(String version) {
    assertThatThrownBy(() -> read(hex(version + "0000")))
        .isInstanceOf(MalformedCacheException.class)
        .hasMessageContaining("starts with " + version);
  }

  @Test
  void aKeyOfAnotherLengthThanItsTypeHasIsMalformed() {
    malformed(new ForgedCache(4).add(new Entry(ForgedCache.STOCK).etype(18, 31)).bytes());
  }

  @Test
  void twoTypesOfOneKeyAreMalformed() {
    var entry = new Entry(ForgedCache.STOCK);
    entry.secondType = 17;
    malformed(new ForgedCache(3).add(entry).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "61", "6103", "60 03 010203", "6104010203", "61 80", "61 81 03 0102"})
  void somethingElseThanATicketIsMalformed(String sealed) {
    var entry = new Entry(ForgedCache.STOCK);
    entry.sealed = hex(sealed);
    malformed(new ForgedCache(4).add(entry).bytes());
  }

  @Test
  void aLongTicketIsRead() throws MalformedCacheException {
    var entry = new Entry(ForgedCache.STOCK);
    entry.sealed = Arrays.copyOf(hex("61 82 0200"), 4 + 0x200);
    assertThat(only(entry).sealed()).hasSize(4 + 0x200);
  }

  @ParameterizedTest
  @CsvSource({
    "0504 0000 00000001 00000000 00000001 52, 0 components",
    "0504 0000 00000001 00000011 00000001 52, 17 components",
    "0504 0000 00000001 00000001 00000000 00000001 61, a realm of 0 bytes",
    "0504 0000 00000001 00000001 7fffffff 52, a realm of 2147483647 bytes",
    "0504 0000 00000001 00000001 ffffffff 52, a realm of 4294967295 bytes"
  })
  void aMalformedPrincipalIsNamed(String file, String problem) {
    assertThatThrownBy(() -> read(hex(file)))
        .isInstanceOf(MalformedCacheException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aCacheThatIsCutShortIsMalformedUnlessACredentialEndsThere(int version)
      throws MalformedCacheException {
    byte[] whole = ForgedCache.usual(version);
    int empty = new ForgedCache(version).bytes().length;
    int one = new ForgedCache(version).add(new Entry(ForgedCache.GRANTING)).bytes().length;
    int two =
        new ForgedCache(version)
            .add(new Entry(ForgedCache.GRANTING))
            .config("fast_avail", "yes")
            .bytes()
            .length;
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (List.of(empty, one, two).contains(length)) {
        assertThat(read(cut).tickets()).hasSizeLessThan(2);
      } else {
        malformed(cut);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aChangeOfAnyByteGivesACacheOrIsMalformed(int version) {
    byte[] whole = ForgedCache.usual(version);
    for (int i = 0; i < whole.length; i++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = whole.clone();
        changed[i] = (byte) value;
        cacheOrMalformed(changed, "byte " + i + " is " + value);
      }
    }
  }

  @Test
  void randomChangesGiveACacheOrAreMalformedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random credential caches: " + seed);
    var random = new Random(seed);
    List<byte[]> whole = List.of(ForgedCache.usual(3), ForgedCache.usual(4));
    for (int round = 0; round < 20_000; round++) {
      byte[] genuine = whole.get(round % 2);
      byte[] changed = Arrays.copyOf(genuine, random.nextInt(genuine.length + 5));
      for (int i = random.nextInt(5); i > 0 && changed.length > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      cacheOrMalformed(changed, "seed " + seed);
    }
  }

  private static void cacheOrMalformed(byte[] bytes, String what) {
    try {
      assertThat(read(bytes).tickets()).as(what).hasSizeLessThan(5);
    } catch (MalformedCacheException malformed) {
      assertThat(malformed.getMessage()).as(what).isNotBlank();
    }
  }

  private static Ticket only(Entry entry) throws MalformedCacheException {
    List<Ticket> tickets = read(new ForgedCache(4).add(entry).bytes()).tickets();
    assertThat(tickets).hasSize(1);
    return tickets.get(0);
  }

  private static CredentialCache read(byte[] bytes) throws MalformedCacheException {
    return CacheReader.read(bytes, WORKSHOP);
  }

  private static void malformed(byte[] bytes) {
    assertThatThrownBy(() -> read(bytes))
        .as("%d bytes", bytes.length)
        .isInstanceOf(MalformedCacheException.class);
  }

  private static Instant second(long number) {
    return Instant.ofEpochSecond(number);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
