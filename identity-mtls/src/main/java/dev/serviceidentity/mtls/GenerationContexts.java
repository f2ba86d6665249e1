// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The provider's context for the generation in use. A resumed session skips the trust manager, so
 * sessions must end with what they were verified by: each generation gets a new context, whose
 * ticket keys nobody else has, and no context grows older than a session may.
 */
final class GenerationContexts {
  private record Made(long generation, Instant until, SSLContext context) {}

  private final Supplier<Material> current;
  private final PeerRules rules;
  private final TlsSettings settings;
  private final OpenConnections connections;
  private final AtomicReference<@Nullable Made> latest = new AtomicReference<>();

  GenerationContexts(
      Supplier<Material> current,
      PeerRules rules,
      TlsSettings settings,
      OpenConnections connections) {
    this.current = current;
    this.rules = rules;
    this.settings = settings;
    this.connections = connections;
  }

  SSLContext current() {
    Material material = current.get();
    Instant now = rules.clock().instant();
    Made made = latest.get();
    if (made != null && fits(made, material, now)) {
      return made.context();
    }
    Made next = new Made(material.generation(), now.plus(settings.sessionAge()), make(material));
    // Two contexts for one generation would not resume each other's sessions: the first one wins.
    Made winner = latest.compareAndSet(made, next) ? next : latest.get();
    return winner != null && fits(winner, material, now) ? winner.context() : next.context();
  }

  /** Where each connection is kept that a context makes. */
  OpenConnections connections() {
    return connections;
  }

  void close() {
    connections.close();
    latest.set(null);
  }

  private boolean fits(Made made, Material material, Instant now) {
    return made.generation() == material.generation() && now.isBefore(made.until());
  }

  private SSLContext make(Material material) {
    try {
      SSLContext context = settings.newContext();
      context.init(
          new KeyManager[] {new MaterialKeyManager(() -> material, rules.clock())},
          new TrustManager[] {new PeerTrustManager(() -> material, rules)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "This provider's TLS was there when the identity was opened", e);
    }
  }
}
