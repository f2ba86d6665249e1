// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.mtls.upkeep.DirectoryWatch;
import dev.serviceidentity.mtls.upkeep.SubPathMounts;
import dev.serviceidentity.spi.IdentityListeners;
import java.time.Clock;
import java.util.ArrayList;

/** An open source that is followed: the generation in use, its health, and who hears of it. */
final class FollowedSource implements AutoCloseable {
  private final Clock clock;
  private final CertificateSource source;
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.MTLS);
  private final Rotation rotation;
  private final CertificateHealth health;
  private final DirectoryWatch watch;

  private FollowedSource(
      CertificateSource source,
      FederatedBundles federation,
      PeerVerifier verifier,
      SourceContext context) {
    this.clock = context.runtime().clock();
    this.source = source;
    var own = new OwnCertificate(verifier, context.trustDomain(), source.origin());
    this.rotation = new Rotation(source, federation, own, clock, listeners);
    this.health = new CertificateHealth(rotation, own, clock);
    var files = new ArrayList<>(source.files());
    files.addAll(federation.files());
    new SubPathMounts().warnOf(files);
    this.watch = DirectoryWatch.start(files, rotation, context.random());
    source.onChange(rotation::changed);
  }

  /** Opens and reads the source, or throws and has closed it. */
  static FollowedSource open(
      SourceProvider provider,
      FederatedBundles federation,
      PeerVerifier verifier,
      SourceContext context) {
    CertificateSource source = provider.open(context);
    try {
      return new FollowedSource(source, federation, verifier, context);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  Material current() {
    return rotation.current();
  }

  void refresh() {
    try {
      rotation.refresh();
    } catch (IdentityException e) {
      rotation.failed(e);
      throw e;
    }
  }

  Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  Health.Part health() {
    try {
      return health.report();
    } catch (IdentityException closed) {
      return CertificateHealth.part(Health.Status.DOWN, "Closed", clock.instant());
    }
  }

  @Override
  public void close() {
    watch.close();
    source.close();
    rotation.close();
    listeners.close();
  }
}
