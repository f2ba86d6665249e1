// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
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

  TlsSettings settings() {
    return settings;
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

  /** The own certificate is that of the generation; whom to trust is found out in the handshake. */
  private SSLContext make(Material material) {
    try {
      SSLContext context = settings.newContext();
      context.init(
          new KeyManager[] {new MaterialKeyManager(() -> material, rules.clock())},
          new TrustManager[] {new PeerTrustManager(current, rules)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IdentityException(
          CONFIGURATION,
          settings.providerName()
              + " makes no TLS context with keys of others ("
              + ForeignText.quote(String.valueOf(e.getMessage()))
              + "); choose another with provider(...)",
          e);
    }
  }
}
