// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.audit.AuditSink;
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
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Subscription connections;
  private final AccessTerms terms;
  private final Clock clock;
  private final HealthReport report;
  private final @Nullable TlsMaterial tls;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LayeredIdentity(
      ServiceIdentityBuilder builder,
      OpenParts parts,
      OwnedRuntime runtime,
      Guard guard,
      Subscription connections) {
    this.parts = parts;
    this.runtime = runtime;
    this.guard = guard;
    this.connections = connections;
    this.terms =
        new AccessTerms(
            allowed(builder, parts), parts.network(), builder.side, builder.enforcement);
    this.clock = builder.clock;
    this.tls =
        parts.mechanisms().values().stream()
            .flatMap(mechanism -> mechanism.tls().stream())
            .findFirst()
            .orElse(null);
    this.report = new HealthReport(parts, guard, builder.enforcement, clock);
  }

  static LayeredIdentity open(ServiceIdentityBuilder builder) {
    // What is open so far, to be closed from the newest to the oldest if the next thing fails with
    // whatever it fails with.
    Deque<Runnable> open = new ArrayDeque<>();
    open.push(() -> closeUnused(builder.sink));
    boolean complete = false;
    try {
      LayeredIdentity identity = open(builder, open);
      complete = true;
      return identity;
    } finally {
      if (!complete) {
        open.forEach(Runnable::run);
      }
    }
  }

  private static LayeredIdentity open(ServiceIdentityBuilder builder, Deque<Runnable> open) {
    // The mechanisms report refused handshakes as soon as they are open; the guard comes after
    // them.
    var reporting = new AtomicReference<@Nullable Guard>();
    var runtime =
        OwnedRuntime.start(
            builder.clock,
            refused -> report(reporting.get(), refused),
            builder.mechanisms.keySet(),
            builder.openTimeout);
    open.push(runtime::close);
    OpenParts parts = OpenParts.open(builder, runtime.runtime());
    open.push(parts::close);
    Guard guard = guard(builder, allowed(builder, parts), parts, runtime);
    // From here on the guard closes the sink, after the events that are queued.
    open.removeLast();
    open.push(guard::close);
    Subscription connections =
        Subscriptions.of(parts.mechanisms().values(), part -> part.holdConnectionsTo(guard));
    open.push(connections::close);
    var identity = new LayeredIdentity(builder, parts, runtime, guard, connections);
    reporting.set(guard);
    identity.announce();
    return identity;
  }

  private static AllowedCallers allowed(ServiceIdentityBuilder builder, OpenParts parts) {
    return builder.allowed != null
        ? builder.allowed
        : Objects.requireNonNull(parts.callers(), "callers");
  }

  private static Guard guard(
      ServiceIdentityBuilder builder,
      AllowedCallers allowed,
      OpenParts parts,
      OwnedRuntime runtime) {
    return new Guard(
        verifiers(parts.mechanisms()),
        new Rules(
            allowed,
            builder.unbound,
            parts.network(),
            builder.side,
            builder.podBound,
            builder.enforcement,
            builder.stale),
        new Guard.Surroundings(
            builder.clock,
            runtime.runtime().scheduler(),
            builder.admissionTimeout,
            builder.sink,
            builder.auditRequired),
        parts::own);
  }

  private static void closeUnused(AuditSink sink) {
    try {
      sink.close();
    } catch (RuntimeException failed) {
      // A sink may be foreign code; why opening failed must not be hidden by how it was closed.
      LOG.log(Level.WARNING, "The audit sink could not be closed", failed);
    }
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    requireOpen();
    return parts.mechanisms().values().stream()
        .map(mechanism -> mechanism.credentialsFor(target))
        .reduce(RequestCredentials::and)
        .orElseThrow();
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
  public AccessDecision admit(CallerEvidence evidence, AccessRule rule) {
    return guard.admit(evidence, rule).toCompletableFuture().join();
  }

  @Override
  public CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence, AccessRule rule) {
    CompletionStage<AccessDecision> stage = guard.admit(evidence, rule);
    // Whoever ends a wait, such as the thread of all timeouts, must not run what users attach.
    return stage.toCompletableFuture().isDone()
        ? stage
        : stage.thenApplyAsync(decision -> decision);
  }

  @Override
  public AccessTerms terms() {
    requireOpen();
    return terms;
  }

  @Override
  public SelfCheck selfCheck(Flow... paths) {
    return new SelfInspection(parts, clock).inspect(this::health, List.of(paths));
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
    return Subscriptions.of(
        parts.mechanisms().values(), mechanism -> mechanism.subscribe(listener));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      report.closed();
      connections.close();
      guard.close();
      parts.close();
      runtime.close();
    }
  }

  private void announce() {
    terms
        .enforcement()
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

  private static Map<MechanismName, CallerVerifier> verifiers(
      Map<MechanismName, IdentityMechanism> mechanisms) {
    var verifiers = new LinkedHashMap<MechanismName, CallerVerifier>();
    mechanisms.forEach(
        (name, mechanism) ->
            verifiers.put(name, Objects.requireNonNull(mechanism.callers(), "callers")));
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
