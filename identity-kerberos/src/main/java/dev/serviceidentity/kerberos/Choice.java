// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.acceptor.Acceptor;
import dev.serviceidentity.kerberos.acceptor.ServiceKeys;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the user has chosen, checked for contradictions.
 *
 * @param principal whose identity it is
 * @param keytab where its keys are; null with a credential cache alone
 * @param cache where its tickets are; null to log in with the keytab
 * @param tickets how tickets for others are had
 * @param acceptors what accepts callers with the keys of one reading of a keytab
 */
record Choice(
    PrincipalName principal,
    @Nullable KeytabFile keytab,
    @Nullable CredentialCacheFile cache,
    Tickets tickets,
    BiFunction<KeytabFile, Clock, Function<ServiceKeys, Acceptor>> acceptors) {
  /** How tickets for others are had. */
  sealed interface Tickets {}

  /** Not at all. */
  record NoTickets() implements Tickets {}

  /** By the JDK. */
  record JgssTickets() implements Tickets {}

  /**
   * By this library.
   *
   * @param config where the KDCs are
   */
  record NativeTickets(KerberosConfig config) implements Tickets {}
}
