// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gets tickets from KDCs, over TCP. Keeps what it has learned of them, and no connection and no
 * ticket: each call is one or more exchanges, and blocks until they have ended. Each KDC that is
 * asked may take as long as {@link KerberosConfig#kdcTimeout} says; an interrupt ends the call.
 * Thread-safe, without locks.
 *
 * <pre>{@code
 * var client = new KdcClient(config, random, clock);
 * Ticket granting = client.login(PrincipalName.parse("HTTP/orders.shop@SHOP.EXAMPLE"), keys);
 * Ticket ticket = client.ticket(granting, PrincipalName.parse("HTTP/stock.shop@SHOP.EXAMPLE"));
 * }</pre>
 */
public final class KdcClient {
  /**
   * Longer than any KDC grants: with RENEWABLE-OK, it makes the ticket renewable where it can be.
   */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final KerberosConfig config;
  private final Means means;

  /** Of which key type a realm took a timestamp; as many realms as own principals have. */
  private final Map<String, KeyType> proofs = new ConcurrentHashMap<>();

  /**
   * A client that has not asked anybody yet.
   *
   * @param config where the KDCs are
   * @param random for nonces, keys and confounders
   * @param clock what time it is here
   */
  public KdcClient(KerberosConfig config, RandomOctets random, Clock clock) {
    this(config, random, clock, InetAddress::getAllByName);
  }

  /** With somebody else than the system to look up hosts. */
  KdcClient(KerberosConfig config, RandomOctets random, Clock clock, HostLookup.Resolver resolver) {
    this.config = config;
    var kdcs = new Kdcs(config, clock, new HostLookup(resolver));
    this.means = new Means(kdcs, new KdcClock(clock), random);
  }

  /**
   * Logs in with long-term keys.
   *
   * @param client who
   * @param keys its keys
   * @return a ticket-granting ticket of its realm
   * @throws IdentityException if no KDC gives one, with what to do
   */
  public Ticket login(PrincipalName client, ClientKeys keys) {
    Duration life = config.ticketLifetime().orElse(LONGEST);
    var exchange = new AsExchange(means, client, keys, proofs.get(client.realm()), life);
    Ticket granting = exchange.run();
    exchange.proof().ifPresent(type -> proofs.put(client.realm(), type));
    return granting;
  }

  /**
   * Gets a ticket for a service, also one of another realm.
   *
   * @param granting of the client's realm
   * @param service the service; if the KDC refers to another realm, the ticket names that one
   * @return a ticket for the service
   * @throws IdentityException if no KDC gives one, with what to do
   */
  public Ticket ticket(Ticket granting, PrincipalName service) {
    return new RealmWalk(config, means, granting, service).run();
  }

  /**
   * Gets a later ticket for one that can be renewed (RFC 4120 section 2.3).
   *
   * @param granting a ticket-granting ticket that has not ended
   * @return the same with a later end
   * @throws IdentityException if no KDC gives one, with what to do
   */
  public Ticket renew(Ticket granting) {
    String doing = "The renewal of the ticket of " + granting.client();
    Instant until =
        granting
            .renewableUntil()
            .orElseThrow(
                () ->
                    new IdentityException(
                        Code.CONFIGURATION,
                        doing
                            + " failed: the KDC has not made it renewable. Log in anew, or set"
                            + " max_renewable_life of the realm and of both principals."));
    // MIT's KDC keeps of the flags what it is asked for again.
    int kept = granting.flags().contains(TicketFlag.FORWARDABLE) ? KdcRequest.FORWARDABLE : 0;
    return new TgsExchange(means, granting, doing)
        .ask(KdcRequest.RENEW | KdcRequest.RENEWABLE | kept, granting.service(), until);
  }

  /**
   * How far the clock of the KDCs of the client's own realm is ahead of this host's.
   *
   * @return as last learned from what they have sealed; zero until then, negative if it is behind
   */
  public Duration clockOffset() {
    return means.clock().offset();
  }
}
