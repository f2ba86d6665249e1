// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A {@code ServiceIdentity} that decides as the test says, for tests of the code around it:
 * filters, handlers, clients.
 *
 * <pre>{@code
 * var orders = FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
 * orders.whenAdmitting().always(
 *     TestDecisions.refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "batch may not"));
 * handler.handle(orders, request);
 * assertThat(orders.events()).hasRefused(RefusalReason.NOT_ALLOWED).forRequest("GET", "/orders/7");
 * }</pre>
 *
 * <p>It decides nothing itself: an {@code admit} that was not scripted throws {@code
 * IllegalStateException}. To test <em>who may call</em>, build a real {@code ServiceIdentity} on a
 * {@link FakeMechanism}. What is not scripted otherwise, and rotation, failure and expiry, come
 * from the fake mechanism {@link #own()}. Every {@code admit} is recorded before it returns.
 * Thread-safe.
 */
public final class FakeServiceIdentity implements ServiceIdentity {
  private static final int MOST_EVENTS = 4096;

  private final FakeMechanism own;
  private final InMemorySink events = new InMemorySink(MOST_EVENTS);
  private final FakeEvents recorder;
  private final Script<CallerEvidence, AccessDecision> admissions = new Script<>();
  private final Script<CallerEvidence, Verification> verifications = new Script<>();
  private final Script<Target, RequestCredentials> credentials = new Script<>();
  private final Script<List<Flow>, SelfCheck> selfChecks = new Script<>();

  private FakeServiceIdentity(FakeMechanism own) {
    this.own = own;
    this.recorder = new FakeEvents(own, events);
  }

  /**
   * A fake by the system's clock.
   *
   * @param principal the own identity, as {@code PrincipalId.parse} reads it
   * @return a fake; closing it is not needed
   */
  public static FakeServiceIdentity of(String principal) {
    return of(FakeMechanism.of(principal).open(Clock.systemUTC()));
  }

  /**
   * A fake on an open mechanism, whose clock it goes by.
   *
   * @param own what proves the own identity; closed by the fake
   * @return a fake
   */
  public static FakeServiceIdentity of(FakeMechanism own) {
    return new FakeServiceIdentity(Objects.requireNonNull(own, "own"));
  }

  /**
   * What proves the own identity: rotates, expires and fails as the test says.
   *
   * @return always the same mechanism
   */
  public FakeMechanism own() {
    return own;
  }

  /**
   * What {@code admit} and {@code admitAsync} answer.
   *
   * @return the script, empty at first
   */
  public Script<CallerEvidence, AccessDecision> whenAdmitting() {
    return admissions;
  }

  /**
   * What {@code verify} answers; unless scripted, what {@link #own()} finds.
   *
   * @return the script, empty at first
   */
  public Script<CallerEvidence, Verification> whenVerifying() {
    return verifications;
  }

  /**
   * What {@code credentialsFor} answers; unless scripted, the credentials of {@link #own()}.
   *
   * @return the script, empty at first
   */
  public Script<Target, RequestCredentials> whenAskedForCredentials() {
    return credentials;
  }

  /**
   * What {@code selfCheck} answers; unless scripted, how {@link #own()} does, and nothing about
   * paths.
   *
   * @return the script, empty at first
   */
  public Script<List<Flow>, SelfCheck> whenCheckingItself() {
    return selfChecks;
  }

  /**
   * One event for each {@code admit} that was answered.
   *
   * @return the newest 4096
   */
  public InMemorySink events() {
    return events;
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return own.isClosed()
        ? own.credentialsFor(target)
        : credentials.answer(target).orElseGet(() -> own.credentialsFor(target));
  }

  @Override
  public TlsMaterial tls() {
    return own.tls()
        .orElseThrow(
            () -> new IllegalStateException("This fake has no TLS; see FakeMechanism.Builder.tls"));
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    if (own.isClosed()) {
      return Verification.rejected(RefusalReason.CLOSED, "the identity has been closed");
    }
    return verifications.answer(evidence).orElseGet(() -> own.callers().verify(evidence));
  }

  @Override
  public AccessDecision admit(CallerEvidence evidence, AccessRule rule) {
    if (own.isClosed()) {
      return TestDecisions.refused(
          Layer.IDENTITY, RefusalReason.CLOSED, "the identity has been closed");
    }
    AccessDecision decision =
        admissions
            .answer(evidence)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Nothing was scripted for "
                            + evidence
                            + "; say whenAdmitting().always(TestDecisions.admitted(...))"));
    recorder.record(evidence, decision);
    return decision;
  }

  @Override
  public CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence, AccessRule rule) {
    return CompletableFuture.completedFuture(admit(evidence, rule));
  }

  /** Returns terms by which nobody may call: this fake decides as it was told, and by no rule. */
  @Override
  public AccessTerms terms() {
    return new AccessTerms(AllowedCallers.nobody(), null, Side.INGRESS, Enforcement.enforce());
  }

  @Override
  public SelfCheck selfCheck(Flow... paths) {
    return selfChecks.answer(List.of(paths)).orElseGet(this::ownHealth);
  }

  @Override
  public List<IdentitySnapshot> identities() {
    return List.of(own.current());
  }

  @Override
  public Health health() {
    return new Health(List.of(own.health()));
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return own.subscribe(listener);
  }

  /** Refuses everything from now on and closes {@link #own()}; what was recorded stays. */
  @Override
  public void close() {
    own.close();
  }

  private SelfCheck ownHealth() {
    Health.Part part = own.health();
    Severity severity =
        switch (part.status()) {
          case UP -> Severity.OK;
          case DEGRADED -> Severity.WARNING;
          case DOWN -> Severity.FAILED;
        };
    return new SelfCheck(List.of(new Finding(severity, part.name(), part.detail(), "")));
  }
}
