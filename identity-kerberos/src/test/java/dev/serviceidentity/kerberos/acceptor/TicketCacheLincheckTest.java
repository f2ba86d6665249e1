// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A ticket that was kept is found by all threads, and never another one in its place. What the
 * cache gives up, it gives up whenever it likes.
 */
@Isolated("Its threads spin, and take minutes where others have the processors.")
@Param(name = "ticket", gen = IntGen.class, conf = "0:2")
public class TicketCacheLincheckTest {
  /** Of each scenario; the profile {@code soak} has more of them. */
  private static final int INVOCATIONS = Integer.getInteger("identity.linearizability", 50);

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int CLIENTS = 3;
  private static final List<ApRequest> REQUESTS = requests();
  private static final List<OpenTicket> TICKETS =
      REQUESTS.stream().map(TicketCacheLincheckTest::open).toList();

  private final TicketCache cache = new TicketCache(1024);

  @Operation
  public void keep(@Param(name = "ticket") int ticket) {
    cache.keep(TICKETS.get(ticket), 0);
  }

  @Operation
  public int find(@Param(name = "ticket") int ticket) {
    OpenTicket found = cache.find(REQUESTS.get(ticket), 0);
    return found == null ? -1 : TICKETS.indexOf(found);
  }

  @Test
  void isLinearizable() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(4)
        .check(TicketCacheLincheckTest.class);
  }

  private static KeytabEntry key() {
    return new KeytabEntry(
        OrdersService.NAME, NOON, KeyVersion.of(1), 18, ForgedToken.filled(32, 5));
  }

  /** In different places of the table: in one, either may have to give way. */
  private static List<ApRequest> requests() {
    var byPlace = new TreeMap<Integer, ApRequest>();
    for (int i = 0; byPlace.size() < CLIENTS; i++) {
      ApRequest request = read(new ForgedToken(key(), NOON).client("client-" + i).sealed());
      Octets cipher = request.ticket().cipher();
      byPlace.put(cipher.at(cipher.length() - 1) & 0xf8, request);
    }
    return List.copyOf(byPlace.values());
  }

  private static ApRequest read(byte[] der) {
    try {
      return ApRequest.read(Octets.of(der));
    } catch (RefusedTokenException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private static OpenTicket open(ApRequest request) {
    try {
      return new ServiceKeys(List.of(key()), NOON).open(request);
    } catch (RefusedTokenException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }
}
