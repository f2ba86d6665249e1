// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import java.util.Objects;

/**
 * Where the questions of one request are charged.
 *
 * @param budget what may be spent
 * @param payer who causes them
 */
public record Bill(CallerBudget budget, Payer payer) {
  /**
   * Checks that nothing is missing.
   *
   * @param budget what may be spent
   * @param payer who causes them
   */
  public Bill {
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(payer, "payer");
  }

  /**
   * Charges one question.
   *
   * @return false if it must not be asked now
   */
  public boolean maySpend() {
    return budget.maySpend(payer);
  }
}
