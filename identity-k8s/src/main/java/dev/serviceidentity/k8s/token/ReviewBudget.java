// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.budget.Allowance;
import dev.serviceidentity.k8s.budget.Allowance.Share;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.budget.Payer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How many TokenReviews, of a millisecond or two each at the API server, callers may cause. A token
 * that was good before is charged to its principal: no forgery and no other principal uses up what
 * keeps it good.
 */
final class ReviewBudget {
  /** Sources that it takes to use up what all sources together may cause. */
  private static final int PARTS = 25;

  private static final int STARTING = 10;

  /** Tokens are remembered up to a thousand of a principal, and judged twice a minute. */
  private static final Share OF_PRINCIPAL = new Share(50, 1_024, 256);

  private static final Share OF_PRINCIPALS = new Share(1_000, 8_192, 4_096);

  private final CallerBudget unknown;
  private final CallerBudget proven;

  /**
   * How many a second for tokens that were never found good.
   *
   * @param strangers from sources of which nothing was verified lately
   * @param known from the others
   */
  record Rates(int strangers, int known) {
    static final Rates USUAL = new Rates(50, 400);

    Rates {
      if (strangers < 1 || known < 1) {
        throw new IllegalArgumentException("Without any review no caller is ever known");
      }
    }
  }

  ReviewBudget(Rates rates, RandomGenerator random, LongSupplier nanos) {
    this.unknown =
        new CallerBudget(allowance(rates.strangers()), allowance(rates.known()), random, nanos);
    var each = new Allowance(OF_PRINCIPAL, OF_PRINCIPAL, OF_PRINCIPALS);
    this.proven = new CallerBudget(each, each, random, nanos);
  }

  private static Allowance allowance(int inAll) {
    int each = Math.max(1, inAll / PARTS);
    var source = new Share(each, Math.max(STARTING, 2 * each), 64);
    return new Allowance(source, source, new Share(inAll, 2 * inAll, 1_024));
  }

  CallerBudget of(Presenter presenter) {
    return presenter.provenBefore() == null ? unknown : proven;
  }

  /** Whom a review is charged to. */
  static Payer payer(Presenter presenter) {
    PrincipalId before = presenter.provenBefore();
    return before == null ? presenter.payer() : Payer.ofGroup(before.toString());
  }

  /** Something good has come from there. */
  void know(Presenter presenter) {
    unknown.know(presenter.payer().address());
  }
}
