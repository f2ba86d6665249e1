// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.spi.ForeignText;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * KDCs that DNS names, remembered for a while: the JDK's client does not tell for how long the
 * records may be kept. Thread-safe.
 */
final class DnsDirectory {
  /**
   * An answer.
   *
   * @param kdcs in the order in which they are asked
   * @param until the ticker's time until which nobody asks again
   */
  private record Answer(List<KdcAddress> kdcs, long until) {}

  private static final System.Logger LOG = System.getLogger(DnsDirectory.class.getName());
  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final Duration KEPT_WITHOUT_ANSWER = Duration.ofSeconds(30);
  private static final int MOST_REALMS = 64;

  /** What is no domain is not asked for, nor is what JNDI would take apart. */
  private static final String DOMAIN = "[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*";

  private static final int LONGEST_DOMAIN = 230;

  private final SrvQuery query;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /**
   * Asks nothing so far.
   *
   * @param nanos a ticker, as {@link System#nanoTime} is
   */
  DnsDirectory(SrvQuery query, LongSupplier nanos, RandomGenerator random) {
    this.query = query;
    this.nanos = nanos;
    this.random = random;
  }

  /** The KDCs of a realm; none if there are none or DNS does not answer. May block. */
  List<KdcAddress> kdcs(String realm) {
    Answer known = answers.get(realm);
    if (known != null && known.until - nanos.getAsLong() > 0) {
      return known.kdcs;
    }
    if (realm.length() > LONGEST_DOMAIN || !realm.matches(DOMAIN)) {
      return List.of();
    }
    Answer answer = ask(realm, known);
    answers.put(realm, answer);
    makeRoom();
    return answer.kdcs;
  }

  /** Other realms' KDCs name realms as they like: what is kept the least longer goes first. */
  private void makeRoom() {
    long now = nanos.getAsLong();
    while (answers.size() > MOST_REALMS) {
      answers.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().until - now))
          .ifPresent(first -> answers.remove(first.getKey(), first.getValue()));
    }
  }

  private Answer ask(String realm, @Nullable Answer before) {
    try {
      List<KdcAddress> kdcs = SrvRecord.inOrder(query.kdcs(realm), random);
      return answer(kdcs, kdcs.isEmpty() ? KEPT_WITHOUT_ANSWER : KEPT);
    } catch (NamingException failed) {
      LOG.log(
          Level.WARNING,
          "DNS does not say which KDCs the realm " + ForeignText.quote(realm) + " has",
          failed);
      return answer(before == null ? List.of() : before.kdcs, KEPT_WITHOUT_ANSWER);
    }
  }

  private Answer answer(List<KdcAddress> kdcs, Duration kept) {
    return new Answer(kdcs, nanos.getAsLong() + kept.toNanos());
  }
}
