// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Where tickets for services come from.
 *
 * @param tickets makes one of a ticket-granting ticket and the name of the service; blocks
 * @param clockOffset what the KDC's clock is ahead of ours, as last learned
 */
record TicketSource(
    BiFunction<Ticket, PrincipalName, Ticket> tickets, Supplier<Duration> clockOffset) {}
