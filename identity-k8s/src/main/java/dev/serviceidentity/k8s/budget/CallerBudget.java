// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.budget.Allowance.Share;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Bounds the questions to elsewhere that callers cause (look-ups, TokenReviews) and how many of
 * them wait for answers: by source address, by group, and in all. Addresses that have proven
 * something lately have a budget of their own, which a flood of others does not touch. Its memory
 * is fixed, whoever calls. Thread-safe; never blocks.
 *
 * <p>Two things are charged: each question ({@link #maySpend}), and each request that waits for an
 * answer, also one that somebody else has asked for ({@link #waitFor}).
 *
 * <pre>{@code
 * Payer payer = new Payer(address, "");
 * CompletableFuture<Verification> asked = underWay.get(tokenHash);         // one review for all
 * if (asked == null && !budget.maySpend(payer)) {
 *   return rejected(OVERLOADED);
 * }
 * return budget.waitFor(payer, () -> asked == null ? review(token) : asked, rejected(OVERLOADED))
 *     .whenComplete((verified, error) -> {
 *       if (verified instanceof Verified) {
 *         budget.know(address);
 *       }
 *     });
 * }</pre>
 */
public final class CallerBudget {
  /** For look-ups that cost the API server some milliseconds. */
  private static final Allowance STRANGERS =
      new Allowance(new Share(5, 10, 64), new Share(5, 32, 128), new Share(20, 64, 512));

  private static final Allowance KNOWN =
      new Allowance(new Share(10, 20, 64), new Share(20, 64, 256), new Share(40, 128, 1_024));

  private static final int MOST_KNOWN = 4_096;

  private final Purse strangers;
  private final Purse known;
  private final AtomicReferenceArray<IpAddress> addresses = new AtomicReferenceArray<>(MOST_KNOWN);
  private final long seed;
  private final LongSupplier nanos;
  private final long start;

  /**
   * A budget that nobody has used yet, by which all strangers of a /64 of IPv6 are also counted
   * together.
   *
   * @param strangers what addresses may cause that have proven nothing lately
   * @param known what the others may cause
   * @param random a source of numbers that callers cannot foresee
   * @param nanos a clock that only runs forward, such as {@link System#nanoTime}
   */
  public CallerBudget(
      Allowance strangers, Allowance known, RandomGenerator random, LongSupplier nanos) {
    this(strangers, known, List.of(), random, nanos);
  }

  /**
   * A budget that nobody has used yet.
   *
   * @param strangers what addresses may cause that have proven nothing lately
   * @param known what the others may cause
   * @param podNetworks where each address is one pod's, so that none is counted by its /64, which
   *     is often all of a node's
   * @param random a source of numbers that callers cannot foresee
   * @param nanos a clock that only runs forward, such as {@link System#nanoTime}
   */
  public CallerBudget(
      Allowance strangers,
      Allowance known,
      List<Cidr> podNetworks,
      RandomGenerator random,
      LongSupplier nanos) {
    List<Cidr> ofPods = List.copyOf(podNetworks);
    this.seed = random.nextLong();
    this.strangers = new Purse(strangers, address -> isOfNetwork(address, ofPods), seed);
    this.known = new Purse(known, address -> false, seed);
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /**
   * A budget for questions that cost the API server some milliseconds: in the long run strangers
   * may ask 20 a second, 5 of one source and 5 of one group, and others twice as many.
   *
   * @param random a source of numbers that callers cannot foresee
   * @param nanos a clock that only runs forward, such as {@link System#nanoTime}
   * @return a budget that nobody has used yet
   */
  public static CallerBudget usual(RandomGenerator random, LongSupplier nanos) {
    return new CallerBudget(STRANGERS, KNOWN, random, nanos);
  }

  /**
   * The same where addresses of some networks are known to be one pod's each.
   *
   * @param podNetworks the cluster's pod networks, as far as they are known
   * @param random a source of numbers that callers cannot foresee
   * @param nanos a clock that only runs forward, such as {@link System#nanoTime}
   * @return a budget that nobody has used yet
   */
  public static CallerBudget usual(
      List<Cidr> podNetworks, RandomGenerator random, LongSupplier nanos) {
    return new CallerBudget(STRANGERS, KNOWN, podNetworks, random, nanos);
  }

  private static boolean isOfNetwork(IpAddress address, List<Cidr> podNetworks) {
    return address.family() == IpAddress.Family.IPV6
        && podNetworks.stream().noneMatch(each -> each.contains(address));
  }

  private int slot(IpAddress address) {
    return Math.floorMod(Scatter.of(seed, address.high(), address.low()), MOST_KNOWN);
  }

  /**
   * Remembers an address that something good has just come from. Some 4,000 are remembered; one
   * that is forgotten is a stranger's again.
   *
   * @param address of whom something has been proven
   */
  public void know(IpAddress address) {
    addresses.set(slot(address), address);
  }

  /**
   * Tells whether an address has the budget of known ones.
   *
   * @param address any address
   * @return true if {@link #know} has been told and it is still remembered
   */
  public boolean isKnown(IpAddress address) {
    return address.equals(addresses.get(slot(address)));
  }

  private Purse purse(Payer payer) {
    return isKnown(payer.address()) ? known : strangers;
  }

  /**
   * Charges one question.
   *
   * @param payer who causes it
   * @return false if it must not be asked now
   */
  public boolean maySpend(Payer payer) {
    return purse(payer).spend(payer, nanos.getAsLong() - start);
  }

  /**
   * Waits for an answer, if not too many do already.
   *
   * @param payer who waits
   * @param question gives a stage, which must complete at some time
   * @param otherwise what is answered if too many wait; then the question is not asked
   * @param <T> the type of the answer
   * @return the question's stage, or one that is complete
   */
  public <T> CompletionStage<T> waitFor(
      Payer payer, Supplier<? extends CompletionStage<T>> question, T otherwise) {
    // The purse may be another one when the wait ends.
    Purse purse = purse(payer);
    if (!purse.enter(payer)) {
      return CompletableFuture.completedStage(otherwise);
    }
    boolean begun = false;
    try {
      CompletionStage<T> answer = question.get();
      begun = true;
      return answer.whenComplete((value, error) -> purse.leave(payer));
    } finally {
      if (!begun) {
        purse.leave(payer);
      }
    }
  }
}
