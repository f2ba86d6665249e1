// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.spi.IdentityListeners;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a rotation one by one, without the thread that watches files. In the package of the
 * rotation, where that is within reach.
 */
public final class BareRotation implements AutoCloseable {
  private static final Clock CLOCK = Clock.systemUTC();

  private final CertificateSource source;
  private final OwnCertificate own;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.MTLS);
  private final Rotation rotation;
  private final OpenConnections connections;
  private final GenerationContexts contexts;
  private @Nullable Material latest;
  private long built;

  /**
   * Reads the first generation.
   *
   * @param source another reading is another generation
   * @param domain the trust domain
   */
  public BareRotation(CertificateSource source, String domain) {
    this.source = source;
    PeerVerifier verifier = new PeerVerifier(new SvidProfile());
    this.own = new OwnCertificate(verifier, domain, source.origin());
    this.rotation =
        Rotation.open(source, FederatedBundles.of(Map.of(), domain, null), own, CLOCK, listeners);
    this.connections =
        new OpenConnections(
            new ConnectionRules(session -> null, server -> true, proxy -> false), scheduler);
    this.contexts =
        new GenerationContexts(
            () -> latest == null ? rotation.current() : latest,
            new PeerRules(verifier, server -> true, refused -> {}, CLOCK, KnownCallers.under(null)),
            new TlsSettings(true, false, Duration.ofMinutes(15), null),
            connections);
  }

  /**
   * Reads and parses.
   *
   * @return what the source holds
   */
  public Credential read() {
    return source.read();
  }

  /**
   * Checks form, name, validity and key, as before a credential is used.
   *
   * @param credential a new one
   */
  public void check(Credential credential) {
    own.check(credential, 2, CLOCK.instant());
  }

  /**
   * Does that, puts the credential in use, and looks what peers will say of it.
   *
   * @return the number of the generation
   */
  public long refresh() {
    rotation.refresh(true);
    return rotation.current().generation();
  }

  /**
   * Does what comes before the credential is in use, and makes a context for it.
   *
   * @return the context
   */
  public SSLContext build() {
    Credential credential = source.read();
    Instant now = CLOCK.instant();
    IdentitySnapshot identity = own.check(credential, ++built, now);
    latest = new Material(identity, credential, credential.trust(), built, now);
    return contexts.current();
  }

  @Override
  public void close() {
    contexts.close();
    listeners.close();
    scheduler.shutdownNow();
  }
}
