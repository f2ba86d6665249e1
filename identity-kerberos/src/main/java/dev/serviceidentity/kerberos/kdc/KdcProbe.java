// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.Sighting.Account;
import dev.serviceidentity.kerberos.kdc.Sighting.Refusal;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Looks which KDCs are there, and what they say of a client, by the first message of a login. No
 * key is used: it costs the client none of the failures after which a KDC locks it. Thread-safe.
 */
public final class KdcProbe {
  private static final int MOST_KDCS = 16;
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final KerberosConfig config;
  private final KdcCall call;
  private final RandomOctets random;
  private final Clock clock;

  /**
   * A probe.
   *
   * @param config where the KDCs are
   * @param limit how long each KDC may take
   * @param random for nonces
   * @param clock what time it is here
   */
  public KdcProbe(KerberosConfig config, Duration limit, RandomOctets random, Clock clock) {
    this.config = config;
    this.call = new KdcCall(new HostLookup(InetAddress::getAllByName), limit);
    this.random = random;
    this.clock = clock;
  }

  /**
   * Asks all KDCs of the client's realm at once, each on a thread that ends with its answer. Blocks
   * no longer than one KDC may take; an interrupt ends that early.
   *
   * @param client who asks
   * @return one for each of the first sixteen, in their order; fewer after an interrupt, which
   *     stays set
   * @throws IdentityException with code {@code CONFIGURATION} if no KDC of the realm is known
   */
  public List<Sighting> look(PrincipalName client) {
    List<KdcAddress> kdcs = config.kdcs(client.realm());
    if (kdcs.isEmpty()) {
      throw Kdcs.unknownRealm(client.realm(), "The search for a KDC");
    }
    List<FutureTask<Sighting>> looks =
        kdcs.stream()
            .limit(MOST_KDCS)
            .map(kdc -> new FutureTask<>(() -> look(kdc, client)))
            .toList();
    looks.forEach(KdcProbe::start);
    var seen = new ArrayList<Sighting>();
    try {
      for (FutureTask<Sighting> look : looks) {
        seen.add(look.get());
      }
    } catch (InterruptedException interrupted) {
      looks.forEach(look -> look.cancel(true));
      Thread.currentThread().interrupt();
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
    return seen;
  }

  private static void start(FutureTask<Sighting> look) {
    DaemonThreads.named("identity-kdc-probe").newThread(look).start();
  }

  private Sighting look(KdcAddress kdc, PrincipalName client) {
    long begun = System.nanoTime();
    try {
      KdcCall.Answer answer = call.exchange(kdc, request(client));
      var took = Duration.ofNanos(System.nanoTime() - begun);
      return new Sighting.Seen(kdc, answer.from(), took, account(answer.bytes()));
    } catch (RefusedTokenException noKdc) {
      return new Sighting.Missing(
          kdc,
          "answers what no KDC does (" + noKdc.detail() + ")",
          Kdcs.ifStranger(client.realm()));
    } catch (IOException failed) {
      return new Sighting.Missing(kdc, call.describe(failed), Kdcs.IF_SILENT);
    }
  }

  private byte[] request(PrincipalName client) {
    var request =
        new KdcRequest(
            0,
            client,
            Realms.granting(client.realm(), client.realm()),
            clock.instant().plus(LIFE),
            KdcRequest.newNonce(random),
            AsExchange.strongestFirst(List.of(KeyType.values())));
    return KdcRequest.message(KdcRequest.OF_AS, request.body(), List.of());
  }

  private Account account(byte[] answer) throws RefusedTokenException {
    if (!(KdcAnswer.read(answer, KdcReply.OF_AS) instanceof KdcError error)) {
      return new Account(Optional.empty(), false, List.of(), null);
    }
    Instant now = clock.instant();
    Duration ahead = Duration.between(now, error.serverTime());
    if (error.wanted() != null) {
      return new Account(Optional.empty(), true, error.wanted().etypes(), ahead);
    }
    var refusal = new Refusal(error.code(), error.said());
    return new Account(Optional.of(refusal), true, List.of(), ahead);
  }
}
