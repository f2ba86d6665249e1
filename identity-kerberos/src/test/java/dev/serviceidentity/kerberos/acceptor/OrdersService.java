// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.testkit.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * An acceptor with a keytab that the test writes and a clock that it sets, and no KDC: {@code
 * HTTP/orders.shop@SHOP.EXAMPLE} with keys of kvno 2 and 3 of every strong type.
 */
public final class OrdersService {
  public static final PrincipalName NAME = PrincipalName.parse("HTTP/orders.shop@SHOP.EXAMPLE");
  public static final Set<String> REALMS = Set.of(NAME.realm());
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

  private final TestClock clock = TestClock.at(NOON.minus(Duration.ofHours(1)));
  private final Path keytab;
  private final List<KeytabEntry> entries = new ArrayList<>();
  private final AcceptorKeys keys;
  private final NegotiateVerifier verifier;

  /** With the native acceptor. */
  public OrdersService(Path directory, AcceptorSettings settings) {
    this(directory, clock -> settings.acceptors(REALMS, clock), Set.of());
  }

  public OrdersService(
      Path directory,
      Function<TestClock, Function<ServiceKeys, Acceptor>> acceptors,
      Set<PrincipalName> accepted) {
    this.keytab = directory.resolve("orders.keytab");
    for (int kvno = 2; kvno <= 3; kvno++) {
      for (int etype = 17; etype <= 20; etype++) {
        add(NAME, kvno, etype, kvno * 20 + etype);
      }
    }
    write();
    this.keys =
        AcceptorKeys.open(new KeytabFile(keytab, NAME, accepted), acceptors.apply(clock), clock);
    this.verifier = new NegotiateVerifier(NAME, keys);
    clock.set(NOON);
  }

  public static OrdersService in(Path directory) {
    return new OrdersService(directory, AcceptorSettings.USUAL);
  }

  public TestClock clock() {
    return clock;
  }

  /** What an acceptor of this service has besides its keys. */
  NativeAcceptor.Circumstances circumstances() {
    return new NativeAcceptor.Circumstances(
        AcceptorSettings.USUAL,
        AcceptorSettings.USUAL.realms(REALMS),
        new Forgetful(),
        clock,
        new RandomOctets());
  }

  AcceptorKeys keys() {
    return keys;
  }

  /** Adds a key, which the file has after {@link #write}. */
  KeytabEntry add(PrincipalName principal, int kvno, int etype, int filling) {
    return add(principal, KeyVersion.of(kvno), etype, filling);
  }

  KeytabEntry add(PrincipalName principal, KeyVersion version, int etype, int filling) {
    int length = etype == 18 || etype == 20 ? 32 : 16;
    var entry =
        new KeytabEntry(
            principal,
            NOON.minus(Duration.ofDays(1)),
            version,
            etype,
            ForgedToken.filled(length, filling));
    entries.add(entry);
    return entry;
  }

  /** Removes all keys of a version, which the file has lost after {@link #write}. */
  void remove(int kvno) {
    entries.removeIf(entry -> entry.kvno() == kvno);
  }

  /** Removes all keys of a type, which the file has lost after {@link #write}. */
  void removeType(int etype) {
    entries.removeIf(entry -> entry.etype() == etype);
  }

  void write() {
    try {
      Path next = keytab.resolveSibling("next.keytab");
      Files.write(next, ForgedKeytab.of(entries));
      Files.move(next, keytab, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The newest key of a type. */
  public KeytabEntry key(int etype) {
    return key(etype, 3);
  }

  public KeytabEntry key(int etype, int kvno) {
    return entries.stream()
        .filter(entry -> entry.principal().equals(NAME))
        .filter(entry -> entry.etype() == etype && entry.kvno() == kvno)
        .findFirst()
        .orElseThrow();
  }

  public ForgedToken token() {
    return token(18);
  }

  /** A token that is accepted now, with a ticket sealed by a key of that type. */
  public ForgedToken token(int etype) {
    return new ForgedToken(key(etype), clock.instant());
  }

  public Verification verify(byte[] token) {
    return verify(TokenSurgery.evidence(token));
  }

  public Verification verify(CallerEvidence evidence) {
    return verifier.verify(evidence);
  }

  /** Demands that a token is accepted. */
  public Verification.Verified accepts(ForgedToken token) {
    return accepts(token.bytes());
  }

  public Verification.Verified accepts(byte[] token) {
    Verification seen = verify(token);
    assertThat(seen).isInstanceOf(Verification.Verified.class);
    return (Verification.Verified) seen;
  }

  /** Demands that a token is refused for a reason, with a word about this case. */
  public void refuses(ForgedToken token, KerberosRejection reason, String... words) {
    refuses(token.bytes(), reason, words);
  }

  public void refuses(byte[] token, KerberosRejection reason, String... words) {
    Verification seen = verify(token);
    assertThat(seen).isInstanceOf(Verification.Rejected.class);
    var rejected = (Verification.Rejected) seen;
    assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
    assertThat(List.of(words)).allSatisfy(word -> assertThat(rejected.detail()).contains(word));
  }
}
