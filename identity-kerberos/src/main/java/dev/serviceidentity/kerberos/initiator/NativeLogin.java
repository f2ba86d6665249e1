// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;

/** A ticket-granting ticket, with its times by our clock. Holds the session key. Immutable. */
public final class NativeLogin implements Login {
  private final Ticket granting;
  private final Instant startsAt;
  private final Instant expiresAt;
  private final String remark;

  private NativeLogin(Ticket granting, Instant startsAt, Instant expiresAt, String remark) {
    this.granting = granting;
    this.startsAt = startsAt;
    this.expiresAt = expiresAt;
    this.remark = remark;
  }

  /**
   * A login.
   *
   * @param clockOffset what the KDC's clock is ahead of ours
   * @param remark what people should know of it; empty if nothing
   */
  static NativeLogin of(Ticket granting, Duration clockOffset, String remark) {
    return new NativeLogin(
        granting,
        granting.life().startsAt().minus(clockOffset),
        granting.life().endsAt().minus(clockOffset),
        remark);
  }

  /**
   * The ticket-granting ticket.
   *
   * @return with its times by the KDC's clock
   */
  public Ticket granting() {
    return granting;
  }

  @Override
  public Instant startsAt() {
    return startsAt;
  }

  @Override
  public Instant expiresAt() {
    return expiresAt;
  }

  @Override
  public String remark() {
    return remark;
  }

  /** Returns the ticket's names and end. */
  @Override
  public String toString() {
    return "NativeLogin[" + granting + "]";
  }
}
