// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mechanism in memory that proves nothing: for tests of what is built on mechanisms.
 *
 * <p>Its credential is a field of its own, named {@code Fake-} and the mechanism's name, with the
 * principal in clear text; every fake of the same mechanism name believes it until its clock says
 * that it has expired. A test makes it rotate, expire, fail or reject at will. Thread-safe.
 *
 * <pre>{@code
 * var clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
 * var web = FakeMechanism.of(PrincipalId.parse("kerberos:web@SHOP.EXAMPLE")).open(clock);
 * var orders = FakeMechanism.of(PrincipalId.parse("kerberos:orders@SHOP.EXAMPLE")).open(clock);
 * var fields = new HashMap<String, List<String>>();
 * web.credentialsFor(Target.of(uri)).applyTo((name, value) -> fields.put(name, List.of(value)));
 * Verification seen = orders.callers().verify(evidence.headers(fields));
 * }</pre>
 *
 * <p>Listeners are called on the thread of the test that causes the event, so that a test sees at
 * once what they heard; a real mechanism calls them on a thread of its own.
 */
public final class FakeMechanism implements IdentityMechanism {
  private record State(
      IdentitySnapshot identity,
      @Nullable IdentityException failure,
      boolean closed,
      Instant since) {}

  private final Clock clock;
  private final Duration lifetime;
  private final PrincipalId principal;
  private final AtomicReference<State> state;
  private final FakeVerifier verifier;
  private final List<IdentityListener> listeners = new CopyOnWriteArrayList<>();

  private FakeMechanism(PrincipalId principal, Duration lifetime, Clock clock) {
    this.principal = principal;
    this.lifetime = lifetime;
    this.clock = clock;
    this.verifier = new FakeVerifier(principal, clock);
    Instant now = clock.instant();
    this.state =
        new AtomicReference<>(
            new State(
                new IdentitySnapshot(principal, now, now.plus(lifetime), 1), null, false, now));
  }

  /**
   * A fake that proves a principal, by the principal's own mechanism name.
   *
   * @param principal what the fake claims to be
   * @return opens the fake, alone or as a part of a {@code ServiceIdentity}
   */
  public static Builder of(PrincipalId principal) {
    return new Builder(Objects.requireNonNull(principal, "principal"));
  }

  /** Takes a new credential from now on, as a refresh would. */
  public void rotate() {
    Instant now = clock.instant();
    State next =
        change(
            old ->
                new State(
                    new IdentitySnapshot(
                        principal, now, now.plus(lifetime), old.identity().generation() + 1),
                    null,
                    old.closed(),
                    now));
    tell(listener -> listener.onRotated(next.identity()));
  }

  /** Lets the credential end now. */
  public void expire() {
    Instant now = clock.instant();
    State next =
        change(
            old ->
                new State(
                    new IdentitySnapshot(
                        principal, old.identity().notBefore(), now, old.identity().generation()),
                    old.failure(),
                    old.closed(),
                    now));
    tell(listener -> listener.onExpired(next.identity()));
  }

  /**
   * Fails from now on: refreshes as the cause says, {@code credentialsFor} throws it, and callers
   * cannot be judged.
   *
   * @param cause what listeners hear and callers of {@code credentialsFor} get
   */
  public void fail(IdentityException cause) {
    Instant now = clock.instant();
    State next = change(old -> new State(old.identity(), cause, old.closed(), now));
    verifier.refuseEverybody(FakeRejection.FAILING);
    tell(listener -> listener.onRefreshFailed(next.identity(), cause));
  }

  /** Ends what {@link #fail} began. */
  public void recover() {
    Instant now = clock.instant();
    change(old -> new State(old.identity(), null, old.closed(), now));
    verifier.refuseEverybody(null);
  }

  /** Rejects every caller from now on. */
  public void rejectCallers() {
    verifier.refuseEverybody(FakeRejection.TOLD_TO);
  }

  /** Ends what {@link #rejectCallers} began. */
  public void acceptCallers() {
    verifier.refuseEverybody(null);
  }

  @Override
  public MechanismName name() {
    return principal.mechanism();
  }

  @Override
  public IdentitySnapshot current() {
    return open().identity();
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    State now = open();
    if (now.failure() != null) {
      throw now.failure();
    }
    if (!now.identity().isValidAt(clock.instant())) {
      throw new IdentityException(
          IdentityException.Code.EXPIRED,
          "The fake credential of " + principal + " has expired; call rotate()");
    }
    return RequestCredentials.of(
        new FakeToken(principal, now.identity().expiresAt()).field(), this::judgeReply);
  }

  @Override
  public CallerVerifier callers() {
    return verifier;
  }

  /** Returns nothing: a fake has no TLS material. */
  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.empty();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return () -> listeners.remove(listener);
  }

  @Override
  public Health.Part health() {
    State now = Objects.requireNonNull(state.get());
    if (now.closed()) {
      return part(Health.Status.DOWN, "closed", now);
    }
    if (!now.identity().isValidAt(clock.instant())) {
      return part(Health.Status.DOWN, "expired", now);
    }
    return now.failure() == null
        ? part(Health.Status.UP, principal.toString(), now)
        : part(Health.Status.DEGRADED, String.valueOf(now.failure().getMessage()), now);
  }

  @Override
  public void close() {
    Instant now = clock.instant();
    change(old -> new State(old.identity(), old.failure(), true, now));
    verifier.refuseEverybody(FakeRejection.CLOSED);
    listeners.clear();
  }

  private Reply judgeReply(int status, Map<String, List<String>> headers) {
    String name = FakeVerifier.REPLY + "-" + principal.mechanism();
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase)
        ? new Reply.Complete()
        : new Reply.Unauthenticated();
  }

  private State open() {
    State now = Objects.requireNonNull(state.get());
    if (now.closed()) {
      throw new IdentityException(
          IdentityException.Code.CLOSED, "The fake mechanism of " + principal + " is closed");
    }
    return now;
  }

  private State change(UnaryOperator<State> step) {
    return state.updateAndGet(step);
  }

  private void tell(Consumer<IdentityListener> event) {
    listeners.forEach(event);
  }

  private Health.Part part(Health.Status status, String detail, State now) {
    return new Health.Part(principal.mechanism().value(), status, detail, now.since());
  }

  /** Opens fakes of one principal. Mutable; use it from one thread. */
  public static final class Builder implements MechanismProvider {
    private final PrincipalId principal;
    private Duration lifetime = Duration.ofHours(1);
    private @Nullable IdentityException failure;
    private final List<FakeMechanism> opened = new CopyOnWriteArrayList<>();

    private Builder(PrincipalId principal) {
      this.principal = principal;
    }

    /**
     * How long each credential lives; an hour unless said otherwise.
     *
     * @param life a positive duration
     * @return this builder
     */
    public Builder lifetime(Duration life) {
      if (life.isNegative() || life.isZero()) {
        throw new IllegalArgumentException("A lifetime is positive: " + life);
      }
      this.lifetime = life;
      return this;
    }

    /**
     * Lets opening fail.
     *
     * @param cause what {@code open} throws
     * @return this builder
     */
    public Builder failToOpen(IdentityException cause) {
      this.failure = Objects.requireNonNull(cause, "cause");
      return this;
    }

    /**
     * Opens a fake alone.
     *
     * @param clock decides when its credential, and those of its callers, have expired
     * @return an open fake
     */
    public FakeMechanism open(Clock clock) {
      if (failure != null) {
        throw failure;
      }
      var fake = new FakeMechanism(principal, lifetime, Objects.requireNonNull(clock, "clock"));
      opened.add(fake);
      return fake;
    }

    /**
     * The fakes that this builder has opened, for tests that let a {@code ServiceIdentity} do it.
     *
     * @return in the order of opening
     */
    public List<FakeMechanism> opened() {
      return List.copyOf(opened);
    }

    @Override
    public MechanismName name() {
      return principal.mechanism();
    }

    @Override
    public FakeMechanism open(IdentityRuntime runtime) {
      return open(runtime.clock());
    }
  }
}
