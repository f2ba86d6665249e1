// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's context for the generation in use. A resumed session skips the trust manager, so
 * sessions must end with what they were verified by: each generation gets a new context, whose
 * ticket keys nobody else has, and no context is older than {@value #LONGEST_MINUTES} minutes.
 */
final class GenerationContexts {
  static final int LONGEST_MINUTES = 15;
  private static final Duration LONGEST = Duration.ofMinutes(LONGEST_MINUTES);

  private record Made(long generation, Instant at, SSLContext context) {}

  private final Supplier<Material> current;
  private final PeerRules rules;
  private final AtomicReference<@Nullable Made> latest = new AtomicReference<>();

  GenerationContexts(Supplier<Material> current, PeerRules rules) {
    this.current = current;
    this.rules = rules;
  }

  SSLContext current() {
    Material material = current.get();
    Instant now = rules.clock().instant();
    Made made = latest.get();
    if (made != null && fits(made, material, now)) {
      return made.context();
    }
    Made next = new Made(material.generation(), now, make(material));
    // Two contexts for one generation would not resume each other's sessions: the first one wins.
    Made winner = latest.compareAndSet(made, next) ? next : latest.get();
    return winner != null && fits(winner, material, now) ? winner.context() : next.context();
  }

  void close() {
    latest.set(null);
  }

  private static boolean fits(Made made, Material material, Instant now) {
    return made.generation() == material.generation() && now.isBefore(made.at().plus(LONGEST));
  }

  private SSLContext make(Material material) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new MaterialKeyManager(() -> material)},
          new TrustManager[] {new PeerTrustManager(() -> material, rules)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has TLS", e);
    }
  }
}
