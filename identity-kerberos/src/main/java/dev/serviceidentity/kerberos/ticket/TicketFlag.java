// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ticket;

/** The flags of a ticket that this module reads (RFC 4120 section 5.3; RFC 6112; RFC 5896). */
public enum TicketFlag {
  /** May be turned into one of other addresses. */
  FORWARDABLE(1),
  /** Was turned into one of other addresses. */
  FORWARDED(2),
  /** Must not be used before the KDC has validated it. */
  INVALID(7),
  /** The KDC gives a later one for it. */
  RENEWABLE(8),
  /** Came from an AS exchange, and from no other ticket. */
  INITIAL(9),
  /** The client had proven its key before the KDC answered. */
  PRE_AUTHENTICATED(10),
  /** The realms on the way were checked by the KDC. */
  TRANSITED_POLICY_CHECKED(12),
  /** The service is trusted to act for its clients. */
  OK_AS_DELEGATE(13);

  private final int bit;

  TicketFlag(int bit) {
    this.bit = bit;
  }

  /**
   * Where it stands in TicketFlags.
   *
   * @return counted from the most significant bit, which is 0
   */
  public int bit() {
    return bit;
  }
}
