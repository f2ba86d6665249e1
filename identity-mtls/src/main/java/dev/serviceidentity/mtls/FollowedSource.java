// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.mtls.upkeep.DirectoryWatch;
import dev.serviceidentity.mtls.upkeep.SubPathMounts;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.Opening;
import java.time.Clock;
import java.util.ArrayList;

/** An open source that is followed: the generation in use, its health, and who hears of it. */
final class FollowedSource implements AutoCloseable {
  private final CertificateSource source;
  private final IdentityListeners listeners;
  private final Rotation rotation;
  private final CertificateHealth health;
  private final DirectoryWatch watch;

  private FollowedSource(
      CertificateSource source,
      IdentityListeners listeners,
      Rotation rotation,
      CertificateHealth health,
      DirectoryWatch watch) {
    this.source = source;
    this.listeners = listeners;
    this.rotation = rotation;
    this.health = health;
    this.watch = watch;
  }

  /** Opens and reads the source, or throws and has closed it. */
  static FollowedSource open(
      SourceProvider provider,
      FederatedBundles federation,
      PeerVerifier verifier,
      SourceContext context) {
    CertificateSource source = provider.open(context);
    return Opening.orClose(source::close, () -> follow(source, federation, verifier, context));
  }

  private static FollowedSource follow(
      CertificateSource source,
      FederatedBundles federation,
      PeerVerifier verifier,
      SourceContext context) {
    Clock clock = context.runtime().clock();
    var listeners = new IdentityListeners(MechanismName.MTLS);
    var own = new OwnCertificate(verifier, context.trustDomain(), source.origin());
    Rotation rotation = Rotation.open(source, federation, own, clock, listeners);
    var files = new ArrayList<>(source.files());
    files.addAll(federation.files());
    new SubPathMounts().warnOf(files);
    source.onChange(rotation::changed);
    // Last: it is a thread, which nothing after it can leave behind.
    DirectoryWatch watch = DirectoryWatch.start(files, rotation, context.random());
    return new FollowedSource(
        source, listeners, rotation, new CertificateHealth(rotation, own, clock), watch);
  }

  Material current() {
    return rotation.current();
  }

  void refresh() {
    rotation.refresh(true);
  }

  Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  Health.Part health() {
    return health.report();
  }

  @Override
  public void close() {
    rotation.close();
    watch.close();
    listeners.close();
    // Last: it may be foreign code, and what it throws must leave nothing else open.
    source.close();
  }
}
