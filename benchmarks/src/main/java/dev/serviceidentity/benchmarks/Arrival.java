// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.SyntheticCaller.Proof;
import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.kerberos.crypto.Workshop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Who comes, and in which order.
 *
 * @param name how the results call it
 * @param clients how many clients take turns
 * @param uses how often a ticket is used; the first time it is not in any cache
 * @param proof what they want of the acceptor
 * @param shuffled whether tokens of four minutes arrive in any order
 */
record Arrival(String name, int clients, int uses, Proof proof, boolean shuffled) {
  private static final int ALWAYS = Integer.MAX_VALUE;

  static final Arrival COLD_MUTUAL = new Arrival("cold ticket, mutual", 1000, 1, Proof.MUTUAL);
  static final Arrival WARM_MUTUAL =
      new Arrival("warm, mutual, 1,000 clients, 90 % hits", 1000, 10, Proof.MUTUAL);
  static final Arrival WARM_NON_MUTUAL =
      new Arrival("warm, non-mutual, 1,000 clients, 90 % hits", 1000, 10, Proof.NONE);

  static final List<Arrival> ALL =
      List.of(
          COLD_MUTUAL,
          new Arrival("cold ticket, mutual, mechListMIC", 1000, 1, Proof.MUTUAL_WITH_MIC),
          new Arrival("cold ticket, non-mutual", 1000, 1, Proof.NONE),
          WARM_MUTUAL,
          new Arrival("the same, tokens of 4 minutes in any order", 1000, 10, Proof.MUTUAL, true),
          new Arrival("the same in order, mechListMIC", 1000, 10, Proof.MUTUAL_WITH_MIC),
          WARM_NON_MUTUAL,
          new Arrival("warm, mutual, 1 client, all hits", 1, ALWAYS, Proof.MUTUAL),
          new Arrival("the same, mechListMIC", 1, ALWAYS, Proof.MUTUAL_WITH_MIC),
          new Arrival("warm, non-mutual, 1 client, all hits", 1, ALWAYS, Proof.NONE));

  private Arrival(String name, int clients, int uses, Proof proof) {
    this(name, clients, uses, proof, false);
  }

  /** New tokens that arrive like that. */
  List<byte[]> tokens(int count, ServiceSecret secret, Workshop workshop) {
    var callers = new ArrayList<SyntheticCaller>();
    for (int i = 0; i < Math.max(1, count / uses); i++) {
      callers.add(new SyntheticCaller(i % clients, secret, workshop));
    }
    Instant now = Instant.now();
    Duration apart = shuffled ? Duration.ofMinutes(4).dividedBy(count) : Duration.ofNanos(1000);
    var tokens = new ArrayList<byte[]>();
    for (int i = 0; i < count; i++) {
      Instant sent = now.plus(apart.multipliedBy(i));
      tokens.add(callers.get(i % callers.size()).token(sent, proof, workshop));
    }
    if (shuffled) {
      Collections.shuffle(tokens, new Random(7));
    }
    return tokens;
  }
}
