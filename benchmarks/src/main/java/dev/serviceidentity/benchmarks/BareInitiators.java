// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.initiator.Initiator;
import dev.serviceidentity.kerberos.initiator.KeytabLogins;
import dev.serviceidentity.kerberos.initiator.ServicePrincipal;
import dev.serviceidentity.kerberos.initiator.ServiceTickets;
import dev.serviceidentity.kerberos.jgss.JgssInitiator;
import dev.serviceidentity.kerberos.jgss.JgssLogin;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;

/** The native initiator and the JDK's, each with one ticket that it has already. */
public final class BareInitiators {
  private BareInitiators() {}

  /**
   * The native one.
   *
   * @param ticket what its tokens are made of
   * @return makes tokens
   */
  public static Function<Target, RequestCredentials> ours(Ticket ticket) {
    var outgoing = OutgoingTicket.of(ticket);
    var tickets =
        new ServiceTickets() {
          @Override
          public OutgoingTicket ticketFor(PrincipalName service) {
            return outgoing;
          }

          @Override
          public Duration clockOffset() {
            return Duration.ZERO;
          }
        };
    var random = new RandomOctets(new SecureRandom());
    String realm = ticket.client().realm();
    return new Initiator(
            target -> ServicePrincipal.of(target, realm), tickets, Clock.systemUTC(), random)
        ::credentialsFor;
  }

  /**
   * The JDK's, with the ticket where a login keeps it, beside a ticket-granting ticket that is
   * looked at and not used.
   *
   * @param ticket what its tokens are made of
   * @return makes tokens
   */
  public static Function<Target, RequestCredentials> jdks(Ticket ticket) {
    String realm = ticket.client().realm();
    var client = new KerberosPrincipal(ticket.client().toString());
    var subject =
        new Subject(
            false,
            Set.of(client),
            Set.of(),
            Set.of(
                forTheJdk(ticket, "krbtgt/" + realm + "@" + realm),
                forTheJdk(ticket, ticket.service().toString())));
    return jdks(subject, ticket.client());
  }

  /**
   * The JDK's, with what a login of its own has brought.
   *
   * @param subject where its tickets are, and those that it gets are put
   * @param client whose they are
   * @return makes tokens
   */
  public static Function<Target, RequestCredentials> jdks(Subject subject, PrincipalName client) {
    var login = new JgssLogin(subject, Instant.MIN, Instant.MAX);
    var initiator = new JgssInitiator(client);
    return target -> initiator.credentialsFor(target, login);
  }

  /**
   * The logins of an identity.
   *
   * @param client asks the KDC
   * @param keytab read at each login
   * @param principal who
   * @return logs in
   */
  public static Supplier<Ticket> logins(KdcClient client, Path keytab, PrincipalName principal) {
    var logins = new KeytabLogins(new KeytabFile(keytab, principal), client, Clock.systemUTC());
    return () -> logins.next().granting();
  }

  private static KerberosTicket forTheJdk(Ticket ticket, String service) {
    return new KerberosTicket(
        ticket.sealed(),
        new KerberosPrincipal(ticket.client().toString()),
        new KerberosPrincipal(service, KerberosPrincipal.KRB_NT_SRV_INST),
        ticket.sessionKey().bytes(),
        ticket.sessionKey().type().number(),
        new boolean[32],
        Date.from(ticket.life().authenticatedAt()),
        Date.from(ticket.life().startsAt()),
        Date.from(ticket.life().endsAt()),
        null,
        null);
  }
}
