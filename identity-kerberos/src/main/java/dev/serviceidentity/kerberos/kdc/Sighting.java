// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.config.KdcAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is seen of one KDC by asking it without a key. Nothing of it is proven. */
public sealed interface Sighting {
  /**
   * Which KDC.
   *
   * @return as the configuration names it
   */
  KdcAddress kdc();

  /**
   * There is no answer, or none of a KDC.
   *
   * @param kdc which KDC
   * @param what what it did, to be read after its name
   * @param cure what to do about it
   */
  record Missing(KdcAddress kdc, String what, String cure) implements Sighting {}

  /**
   * There is a KDC.
   *
   * @param kdc which KDC
   * @param from the address that answered
   * @param took how long that took, with looking up its name
   * @param account what it says of the client
   */
  record Seen(KdcAddress kdc, InetAddress from, Duration took, Account account)
      implements Sighting {}

  /**
   * What a KDC says of a client that has not proven itself.
   *
   * @param refusal the error that it names; empty if the client may go on to prove itself, or need
   *     not
   * @param wantsProof whether it gives tickets to nobody who has not proven the client's key
   * @param etypes of which types it has keys of the client; empty if it does not say
   * @param clockAhead what its clock is ahead of ours; null if it does not say
   */
  record Account(
      Optional<Refusal> refusal,
      boolean wantsProof,
      List<Integer> etypes,
      @Nullable Duration clockAhead) {
    /**
     * Copies the types.
     *
     * @param refusal the error that it names; empty if the client may go on to prove itself, or
     *     need not
     * @param wantsProof whether it gives tickets to nobody who has not proven the client's key
     * @param etypes of which types it has keys of the client; empty if it does not say
     * @param clockAhead what its clock is ahead of ours; null if it does not say
     */
    public Account {
      etypes = List.copyOf(etypes);
    }
  }

  /**
   * A refusal.
   *
   * @param code its number
   * @param said its name and what the KDC adds
   */
  record Refusal(int code, String said) {}
}
