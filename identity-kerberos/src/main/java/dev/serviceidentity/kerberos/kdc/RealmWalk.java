// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.spi.ForeignText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way from the client's realm to a service, over the realms between (RFC 4120 section 1.2) and
 * as the KDCs refer (RFC 6806 section 8). For one thread; used once.
 */
final class RealmWalk {
  private static final int MOST_REALMS = 8;

  private final KerberosConfig config;
  private final Means means;
  private final PrincipalName wanted;
  private final String doing;
  private final List<String> seen = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private boolean isFixed;
  private Ticket held;

  RealmWalk(KerberosConfig config, Means means, Ticket granting, PrincipalName wanted) {
    this.config = config;
    this.means = means;
    this.wanted = wanted;
    this.doing = "The ticket of " + granting.client() + " for the service " + wanted;
    this.held = granting;
  }

  /** Walks until somebody gives a ticket for the service. */
  Ticket run() {
    String target = wanted.realm();
    enter(Realms.grantedBy(held.service()));
    plan(target);
    while (true) {
      String here = last();
      PrincipalName next =
          here.equals(target)
              ? new PrincipalName(wanted.components(), here)
              : Realms.granting(path.isEmpty() ? target : path.remove(), here);
      Ticket given = ask(next);
      if (!Realms.isGranting(given.service())
          || given.service().components().equals(wanted.components())) {
        return given;
      }
      held = given;
      enter(Realms.grantedBy(given.service()));
      if (here.equals(target)) {
        target = last(); // The service's own KDC says that it is there.
      }
    }
  }

  /** Where a path is given, no KDC leads away from it. */
  private void plan(String target) {
    if (!last().equals(target)) {
      config
          .path(last(), target)
          .ifPresent(
              between -> {
                path.addAll(between);
                path.add(target);
                isFixed = true;
              });
    }
  }

  private Ticket ask(PrincipalName service) {
    boolean isOnPath = isFixed && Realms.isGranting(service);
    return new TgsExchange(means, held, doing)
        .ask(isOnPath ? 0 : KdcRequest.CANONICALIZE, service, held.life().endsAt());
  }

  private void enter(String realm) {
    if (seen.contains(realm) || seen.size() == MOST_REALMS) {
      throw new IdentityException(
          Code.REFUSED,
          doing
              + " failed: the KDCs refer from realm to realm without end ("
              + Stream.concat(seen.stream(), Stream.of(realm))
                  .map(ForeignText::quote)
                  .collect(Collectors.joining(", "))
              + "). Mend domain_realm and capaths in the KDCs' configuration, or say the way with"
              + " KerberosConfig.builder().path(...).");
    }
    seen.add(realm);
  }

  private String last() {
    return seen.get(seen.size() - 1);
  }
}
