// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configures one {@link ServiceIdentity}. What is dangerous to leave out must be said: who may
 * call, and whether there is a network view. Not thread-safe.
 */
public final class ServiceIdentityBuilder {
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final StalePolicy USUAL_STALE = StalePolicy.serveStaleFor(Duration.ofMinutes(5));

  final Map<MechanismName, MechanismProvider> mechanisms = new LinkedHashMap<>();
  @Nullable NetworkProvider network;
  private boolean identityAlone;
  private boolean opened;
  @Nullable AllowedCallers allowed;
  @Nullable Path allowedFile;
  AllowedCallers unbound = AllowedCallers.nobody();
  private boolean someUnbound;
  Side side = Side.INGRESS;
  boolean podBound;
  Enforcement enforcement = Enforcement.enforce();
  StalePolicy stale = USUAL_STALE;
  Duration admissionTimeout = Duration.ofMillis(500);
  Duration openTimeout = Duration.ofSeconds(10);
  AuditSink sink = AuditSink.systemLogger();
  boolean auditRequired;
  Clock clock = Clock.systemUTC();

  ServiceIdentityBuilder() {}

  /**
   * A mechanism that {@link #open} opens and the identity closes.
   *
   * @param provider the mechanism's builder
   * @return this
   * @throws IllegalArgumentException if one of that name is there already
   */
  public ServiceIdentityBuilder mechanism(MechanismProvider provider) {
    if (mechanisms.putIfAbsent(provider.name(), provider) != null) {
      throw new IllegalArgumentException("There are two mechanisms named " + provider.name());
    }
    return this;
  }

  /**
   * A mechanism that is open already and that somebody else closes.
   *
   * @param opened the mechanism
   * @return this
   * @throws IllegalArgumentException if one of that name is there already
   */
  public ServiceIdentityBuilder mechanism(IdentityMechanism opened) {
    return mechanism(new BorrowedMechanism(opened));
  }

  /**
   * The view of the cluster, which {@link #open} opens and the identity closes.
   *
   * @param provider the view's builder
   * @return this
   * @throws IllegalStateException if a network was given already
   */
  public ServiceIdentityBuilder network(NetworkProvider provider) {
    requireFirst(network, "network(...)");
    this.network = Objects.requireNonNull(provider, "provider");
    return this;
  }

  /**
   * A view of the cluster that is open already and that somebody else closes.
   *
   * @param opened the view
   * @return this
   * @throws IllegalStateException if a network was given already
   */
  public ServiceIdentityBuilder network(ClusterNetwork opened) {
    return network(new BorrowedNetwork(Objects.requireNonNull(opened, "opened")));
  }

  /**
   * Decides by identity alone: no binding to a pod, no network policies. A stolen credential then
   * works from everywhere that the network itself lets through. Contradicts {@code network(...)}
   * and everything that needs one.
   *
   * @return this
   */
  public ServiceIdentityBuilder trustIdentityAlone() {
    this.identityAlone = true;
    return this;
  }

  /**
   * Who may call. Several rules are joined by {@link AllowedCallers#anyOf(AllowedCallers...)}.
   *
   * @param callers the rule
   * @return this
   * @throws IllegalStateException if a rule or a file was given already
   */
  public ServiceIdentityBuilder allow(AllowedCallers callers) {
    requireNobodyAllowed();
    this.allowed = Objects.requireNonNull(callers, "callers");
    return this;
  }

  /**
   * Who may call, by a file in the form of {@code docs/allowed-callers.md} that is followed:
   * whoever is removed from it is refused, and loses open connections within a second where the
   * container allows. A file that cannot be used leaves the callers as they are and shows in {@code
   * health()}.
   *
   * @param file the file, which {@link #open} reads and the identity reads again as it changes
   * @return this
   * @throws IllegalStateException if a rule or a file was given already
   */
  public ServiceIdentityBuilder allowFile(Path file) {
    requireNobodyAllowed();
    this.allowedFile = Objects.requireNonNull(file, "file");
    return this;
  }

  /**
   * Lets everybody call who proves any identity. The network policies alone then tell callers
   * apart.
   *
   * @return this
   */
  public ServiceIdentityBuilder allowAnyAuthenticated() {
    return allow(AllowedCallers.matching(caller -> true));
  }

  /**
   * Which callers may call although they stand for no workload of the cluster, such as people or
   * services outside it. They are not bound to a pod; the network policies count for them, too.
   *
   * <p>A proxy that is trusted to forward callers is named here if it stands for no workload, or if
   * its requests come from addresses that prove nothing, such as a node's: then whoever has its
   * credential can be any caller from there.
   *
   * @param callers the rule
   * @return this
   */
  public ServiceIdentityBuilder admitUnbound(AllowedCallers callers) {
    this.unbound = Objects.requireNonNull(callers, "callers");
    this.someUnbound = true;
    return this;
  }

  /**
   * Demands that the egress policies of the caller's namespace permit the call as well. The view
   * then needs to see them.
   *
   * @return this
   */
  public ServiceIdentityBuilder checkCallerEgress() {
    this.side = Side.BOTH;
    return this;
  }

  /**
   * Demands that a workload's credential says which pod it is for, as projected service-account
   * tokens do: then nobody can use it from another pod of the same service account, and the reuse
   * of an address deceives nobody. Callers by certificates and tickets, and forwarded ones, are
   * refused.
   *
   * @return this
   */
  public ServiceIdentityBuilder requirePodBoundCredential() {
    this.podBound = true;
    return this;
  }

  /**
   * How strictly the layers are enforced; all of them unless this is called.
   *
   * @param how the enforcement
   * @return this
   */
  public ServiceIdentityBuilder enforcement(Enforcement how) {
    this.enforcement = Objects.requireNonNull(how, "how");
    return this;
  }

  /**
   * For how long an unproven view of the cluster serves; five minutes unless this is called.
   *
   * @param policy the limit
   * @return this
   */
  public ServiceIdentityBuilder stale(StalePolicy policy) {
    this.stale = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * The longest time that a request waits for answers from elsewhere; 500 ms unless this is called.
   *
   * @param limit more than zero, and an hour at most
   * @return this
   * @throws IllegalArgumentException if it is outside these bounds
   */
  public ServiceIdentityBuilder admissionTimeout(Duration limit) {
    this.admissionTimeout = bounded(limit);
    return this;
  }

  /**
   * The longest time that each part may take to open; 10 s unless this is called.
   *
   * @param limit more than zero, and an hour at most
   * @return this
   * @throws IllegalArgumentException if it is outside these bounds
   */
  public ServiceIdentityBuilder openTimeout(Duration limit) {
    this.openTimeout = bounded(limit);
    return this;
  }

  /**
   * Where access events go; to the System.Logger {@code dev.serviceidentity.audit} unless this is
   * called. The identity closes the sink, also if it fails to open.
   *
   * @param to the sink
   * @return this
   */
  public ServiceIdentityBuilder audit(AuditSink to) {
    this.sink = Objects.requireNonNull(to, "to");
    return this;
  }

  /**
   * Refuses requests whose admission cannot be recorded because the queue is full or the sink
   * fails. Without this such events are dropped and counted.
   *
   * @return this
   */
  public ServiceIdentityBuilder auditRequired() {
    this.auditRequired = true;
    return this;
  }

  /**
   * The source of the time of day, for tests; the system's clock unless this is called.
   *
   * @param source the clock
   * @return this
   */
  public ServiceIdentityBuilder clock(Clock source) {
    this.clock = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Opens every mechanism and the network view, and waits until all are ready. To be called once:
   * what was given to this builder belongs to the identity, or is closed if that fails to open.
   *
   * @return the identity, to be closed by the caller
   * @throws IdentityException if a part cannot work; nothing stays open. Also, before anything is
   *     opened, if something that must be said was not said, or contradicts something else
   * @throws IllegalStateException if it was called before and got as far as to open parts
   */
  public ServiceIdentity open() {
    if (opened) {
      throw new IllegalStateException("This builder was opened before; configure a new one");
    }
    if (mechanisms.isEmpty()) {
      throw wrong("no mechanism is configured; add mechanism(KerberosIdentity.builder()...)");
    }
    if (network == null && !identityAlone) {
      throw wrong("no network is configured; add network(...), or say trustIdentityAlone()");
    }
    if (identityAlone && needsNetwork()) {
      throw wrong(
          "trustIdentityAlone() contradicts network(...), and checkCallerEgress(),"
              + " requirePodBoundCredential(), admitUnbound(...), stale(...) and enforcement(...), which mean nothing without"
              + " one");
    }
    if (allowed == null && allowedFile == null) {
      throw wrong("nobody is allowed to call; add allow(...), or say allowAnyAuthenticated()");
    }
    opened = true;
    return LayeredIdentity.open(this);
  }

  private boolean needsNetwork() {
    return network != null
        || side == Side.BOTH
        || podBound
        || someUnbound
        || !stale.equals(USUAL_STALE)
        || !enforcement.equals(Enforcement.enforce());
  }

  private void requireNobodyAllowed() {
    requireFirst(allowed, "allow(...)");
    requireFirst(allowedFile, "allowFile(...)");
  }

  private static void requireFirst(@Nullable Object before, String call) {
    if (before != null) {
      throw new IllegalStateException(call + " was called before; join both in one call");
    }
  }

  private static IdentityException wrong(String what) {
    return new IdentityException(Code.CONFIGURATION, "ServiceIdentity: " + what);
  }

  private static Duration bounded(Duration limit) {
    if (limit.isZero() || limit.isNegative() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A limit of time is more than zero and at most " + LONGEST + ", not " + limit);
    }
    return limit;
  }
}
