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
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mechanism in memory, of any name, whose credentials are those of a {@link TestIdentity}: for
 * tests of what is built on mechanisms.
 *
 * <p>It believes test identities of its own mechanism and domain, as {@link TestVerifier} does. A
 * test makes it rotate, expire, fail or reject at will. Thread-safe.
 *
 * <pre>{@code
 * try (var orders = ServiceIdentity.builder()
 *     .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
 *     .trustIdentityAlone()
 *     .allow(AllowedCallers.serviceAccounts("shop/web"))
 *     .open()) {
 *   var batch = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
 *   assertThat(orders.admit(batch.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
 * }
 * }</pre>
 *
 * <p>Listeners are called on the thread of the test that causes the event, so that a test sees at
 * once what they heard; a real mechanism calls them on a thread of its own.
 */
public final class FakeMechanism implements IdentityMechanism {
  private record State(
      IdentitySnapshot identity,
      @Nullable IdentityException failure,
      boolean rejecting,
      boolean closed,
      Instant since) {
    State with(IdentitySnapshot next, @Nullable IdentityException trouble, Instant now) {
      return new State(next, trouble, rejecting, closed, now);
    }

    State rejecting(boolean everybody) {
      return new State(identity, failure, everybody, closed, since);
    }

    State ended(Instant now) {
      return new State(identity, failure, rejecting, true, now);
    }

    /** Why nobody is verified, the weightiest reason first; empty if callers are judged. */
    Optional<TestRejection> refusal() {
      if (closed) {
        return Optional.of(TestRejection.CLOSED);
      }
      if (failure != null) {
        return Optional.of(TestRejection.FAILING);
      }
      return rejecting ? Optional.of(TestRejection.TOLD_TO) : Optional.empty();
    }
  }

  private final Clock clock;
  private final Duration lifetime;
  private final PrincipalId principal;
  private final AtomicReference<State> state;
  private final FakeVerifier verifier;
  private final @Nullable TlsMaterial tls;
  private final List<IdentityListener> listeners = new CopyOnWriteArrayList<>();

  private FakeMechanism(Builder builder, Clock clock) {
    this.principal = builder.principal;
    this.lifetime = builder.lifetime;
    this.clock = clock;
    this.tls = builder.tls;
    Instant now = clock.instant();
    var first = new IdentitySnapshot(principal, now, now.plus(lifetime), 1);
    var states = new AtomicReference<>(new State(first, null, false, false, now));
    this.state = states;
    this.verifier =
        new FakeVerifier(
            principal,
            TestVerifier.trusting(builder.trusted).clock(clock),
            () -> Objects.requireNonNull(states.get()).refusal());
  }

  /**
   * A fake that proves a principal, by the principal's own mechanism name.
   *
   * @param principal as {@link PrincipalId#parse} reads it
   * @return opens the fake, alone or as a part of a {@code ServiceIdentity}
   * @throws IllegalArgumentException if the text is no principal
   */
  public static Builder of(String principal) {
    return of(PrincipalId.parse(principal));
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

  /** Takes a new credential from now on, as a refresh would; ends what {@link #fail} began. */
  public void rotate() {
    Instant now = clock.instant();
    State next =
        change(
            old ->
                old.with(
                    new IdentitySnapshot(
                        principal, now, now.plus(lifetime), old.identity().generation() + 1),
                    null,
                    now));
    tell(listener -> listener.onRotated(next.identity()));
  }

  /** Lets the credential end now. */
  public void expire() {
    Instant now = clock.instant();
    State next =
        change(
            old ->
                old.with(
                    new IdentitySnapshot(
                        principal, old.identity().notBefore(), now, old.identity().generation()),
                    old.failure(),
                    now));
    tell(listener -> listener.onExpired(next.identity()));
  }

  /**
   * Fails until it recovers or rotates: refreshes as the cause says, {@code credentialsFor} throws
   * it, and callers cannot be judged.
   *
   * @param cause what listeners hear and callers of {@code credentialsFor} get
   */
  public void fail(IdentityException cause) {
    Instant now = clock.instant();
    State next = change(old -> old.with(old.identity(), cause, now));
    tell(listener -> listener.onRefreshFailed(next.identity(), cause));
  }

  /** Ends what {@link #fail} began. */
  public void recover() {
    Instant now = clock.instant();
    change(old -> old.with(old.identity(), null, now));
  }

  /** Rejects every caller until {@link #acceptCallers}, whatever else happens. */
  public void rejectCallers() {
    change(old -> old.rejecting(true));
  }

  /** Ends what {@link #rejectCallers} began. */
  public void acceptCallers() {
    change(old -> old.rejecting(false));
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
    var token = new TestToken(principal, now.identity().notBefore(), now.identity().expiresAt());
    return RequestCredentials.of(
        token.field(), (status, headers) -> FakeVerifier.judgeReply(name(), headers));
  }

  @Override
  public CallerVerifier callers() {
    return verifier;
  }

  /** Returns nothing, unless the builder was given some. */
  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.ofNullable(tls);
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
    change(old -> old.ended(now));
    listeners.clear();
  }

  Clock clock() {
    return clock;
  }

  boolean isClosed() {
    return Objects.requireNonNull(state.get()).closed();
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
    private String[] trusted;
    private @Nullable TlsMaterial tls;
    private @Nullable IdentityException failure;
    private final List<FakeMechanism> opened = new CopyOnWriteArrayList<>();

    private Builder(PrincipalId principal) {
      this.principal = principal;
      this.trusted = new String[] {principal.domain()};
    }

    /**
     * Whose identities it believes; those of its own domain unless said otherwise.
     *
     * @param domains trust domains, realms or token issuers
     * @return this builder
     */
    public Builder trusting(String... domains) {
      this.trusted = domains.clone();
      return this;
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
     * What {@code tls()} gives; nothing unless this is called.
     *
     * @param material a mock, or that of a real mechanism
     * @return this builder
     */
    public Builder tls(TlsMaterial material) {
      this.tls = Objects.requireNonNull(material, "material");
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
      var fake = new FakeMechanism(this, Objects.requireNonNull(clock, "clock"));
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
