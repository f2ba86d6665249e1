// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.guard.Guard;
import dev.serviceidentity.guard.Rules;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The mechanisms, the network view and the guard behind one facade. */
final class LayeredIdentity implements ServiceIdentity {
  private static final System.Logger LOG = System.getLogger(ServiceIdentity.class.getName());

  private final OpenParts parts;
  private final OwnedRuntime runtime;
  private final Guard guard;
  private final Enforcement enforcement;
  private final Clock clock;
  private final HealthReport report;
  private final @Nullable TlsMaterial tls;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LayeredIdentity(ServiceIdentityBuilder builder, Opened opened, AllowedCallers allowed) {
    this.parts = opened.parts;
    this.runtime = opened.runtime;
    this.enforcement = builder.enforcement;
    this.clock = builder.clock;
    this.tls =
        parts.mechanisms().values().stream()
            .flatMap(mechanism -> mechanism.tls().stream())
            .findFirst()
            .orElse(null);
    this.guard =
        new Guard(
            verifiers(parts.mechanisms()),
            new Rules(
                allowed,
                builder.unbound,
                parts.network(),
                builder.side,
                builder.enforcement,
                builder.stale),
            new Guard.Surroundings(
                builder.clock,
                runtime.runtime().scheduler(),
                builder.admissionTimeout,
                builder.sink,
                builder.auditRequired),
            this::own);
    this.report = new HealthReport(parts, guard, enforcement, clock);
  }

  /** What must be closed again if the guard cannot be made. */
  private record Opened(OpenParts parts, OwnedRuntime runtime) {}

  static LayeredIdentity open(ServiceIdentityBuilder builder, AllowedCallers allowed) {
    // The mechanisms report refused handshakes as soon as they are open; the guard comes after
    // them.
    var guard = new AtomicReference<@Nullable Guard>();
    var runtime =
        OwnedRuntime.start(
            builder.clock,
            refused -> report(guard.get(), refused),
            builder.mechanisms.keySet(),
            builder.openTimeout);
    try {
      OpenParts parts = OpenParts.open(builder, runtime.runtime());
      var identity = new LayeredIdentity(builder, new Opened(parts, runtime), allowed);
      guard.set(identity.guard);
      identity.announce();
      return identity;
    } catch (IdentityException failed) {
      runtime.close();
      throw failed;
    }
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    requireOpen();
    return parts.mechanisms().values().stream()
        .map(mechanism -> mechanism.credentialsFor(target))
        .reduce(RequestCredentials.inConnection(), RequestCredentials::and);
  }

  @Override
  public TlsMaterial tls() {
    if (tls == null) {
      throw new IllegalStateException(
          "No mechanism of this identity is one of TLS; add MtlsIdentity to the builder");
    }
    return tls;
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    return guard.verify(evidence).toCompletableFuture().join();
  }

  @Override
  public AccessDecision admit(CallerEvidence evidence) {
    return guard.admit(evidence).toCompletableFuture().join();
  }

  @Override
  public CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence) {
    return guard.admit(evidence);
  }

  @Override
  public SelfCheck selfCheck(Flow... paths) {
    return new SelfInspection(parts, clock).inspect(health(), List.of(paths));
  }

  @Override
  public List<IdentitySnapshot> identities() {
    return parts.mechanisms().values().stream().map(IdentityMechanism::current).toList();
  }

  @Override
  public Health health() {
    return report.now();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    List<Subscription> each = new ArrayList<>();
    parts.mechanisms().values().forEach(mechanism -> each.add(mechanism.subscribe(listener)));
    return () -> each.forEach(Subscription::close);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      guard.close();
      parts.close();
      runtime.close();
    }
  }

  private void announce() {
    enforcement
        .reportOnlyUntil()
        .forEach(
            (layer, until) ->
                LOG.log(
                    Level.WARNING,
                    "Layer {0} only reports, and refuses nothing, until {1}",
                    layer,
                    until));
    LOG.log(Level.INFO, "Identity opened: {0}", identities());
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IdentityException(
          IdentityException.Code.CLOSED, "The identity has been closed; open a new one");
    }
  }

  private Own own() {
    List<IdentitySnapshot> snapshots = identities();
    ClusterNetwork network = parts.network();
    String pod = network == null ? null : network.self().map(Workload::displayName).orElse(null);
    return new Own(
        snapshots.stream().map(IdentitySnapshot::principal).toList(),
        pod,
        snapshots.stream().mapToLong(IdentitySnapshot::generation).sum());
  }

  private static Map<MechanismName, CallerVerifier> verifiers(
      Map<MechanismName, IdentityMechanism> mechanisms) {
    var verifiers = new LinkedHashMap<MechanismName, CallerVerifier>();
    mechanisms.forEach((name, mechanism) -> verifiers.put(name, mechanism.callers()));
    return verifiers;
  }

  private static void report(@Nullable Guard guard, RefusedHandshake refused) {
    if (guard == null) {
      LOG.log(Level.INFO, "A handshake was refused before the guard was ready: {0}", refused);
    } else {
      guard.record(refused);
    }
  }
}
