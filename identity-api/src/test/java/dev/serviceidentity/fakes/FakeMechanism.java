// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Believes the field {@code X-<mechanism>}: a principal's canonical text is verified, anything else
 * is a wrong proof. Each thing it does can be replaced.
 */
public final class FakeMechanism implements IdentityMechanism, CallerVerifier {
  private final MechanismName name;
  private final AtomicReference<IdentityRuntime> runtime = new AtomicReference<>();
  private final AtomicInteger closes = new AtomicInteger();
  private volatile Function<CallerEvidence, CompletionStage<Verification>> judge = this::believe;
  private volatile Predicate<CallerEvidence> claims = this::isMine;
  private volatile Supplier<List<String>> challenges;
  private volatile Supplier<IdentitySnapshot> current = this::snapshot;
  private volatile Supplier<Health.Part> health;
  private volatile Supplier<CallerVerifier> callers = () -> this;
  private volatile Function<IdentityListener, Subscription> subscribe = listener -> () -> {};
  private volatile Runnable onClose = () -> {};
  private volatile TlsMaterial tls;

  /** Who keeps connections, or null while nobody has said so. */
  public volatile ConnectionRule welcome;

  private FakeMechanism(MechanismName name) {
    this.name = name;
    this.challenges = () -> List.of(name + " realm=\"test\"");
    this.health = () -> new Health.Part(name.value(), Health.Status.UP, "fine", SetClock.START);
  }

  public static FakeMechanism named(MechanismName name) {
    return new FakeMechanism(name);
  }

  public static FakeMechanism kerberos() {
    return named(MechanismName.KERBEROS);
  }

  public static FakeMechanism mtls() {
    return named(MechanismName.MTLS);
  }

  public FakeMechanism judging(Function<CallerEvidence, CompletionStage<Verification>> how) {
    judge = how;
    return this;
  }

  public FakeMechanism claiming(Predicate<CallerEvidence> which) {
    claims = which;
    return this;
  }

  public FakeMechanism challenging(Supplier<List<String>> how) {
    challenges = how;
    return this;
  }

  public FakeMechanism being(Supplier<IdentitySnapshot> who) {
    current = who;
    return this;
  }

  public FakeMechanism feeling(Supplier<Health.Part> how) {
    health = how;
    return this;
  }

  public FakeMechanism verifyingBy(Supplier<CallerVerifier> verifier) {
    callers = verifier;
    return this;
  }

  public FakeMechanism subscribing(Function<IdentityListener, Subscription> how) {
    subscribe = how;
    return this;
  }

  public FakeMechanism closing(Runnable how) {
    onClose = how;
    return this;
  }

  public FakeMechanism tls(TlsMaterial material) {
    tls = material;
    return this;
  }

  /** Opens this very mechanism, and remembers what it was opened on. */
  public MechanismProvider provider() {
    return provider(() -> {});
  }

  public MechanismProvider provider(Runnable before) {
    return new MechanismProvider() {
      @Override
      public MechanismName name() {
        return name;
      }

      @Override
      public IdentityMechanism open(IdentityRuntime on) {
        runtime.set(on);
        before.run();
        return FakeMechanism.this;
      }
    };
  }

  public IdentityRuntime runtime() {
    return runtime.get();
  }

  public int closes() {
    return closes.get();
  }

  public IdentitySnapshot snapshot() {
    return new IdentitySnapshot(own(), SetClock.START, Instant.MAX, 3);
  }

  @Override
  public MechanismName name() {
    return name;
  }

  @Override
  public IdentitySnapshot current() {
    return current.get();
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return RequestCredentials.of(
        new HeaderField("X-" + name, target.toString()),
        (status, headers) -> new RequestCredentials.Reply.Complete());
  }

  @Override
  public CallerVerifier callers() {
    return callers.get();
  }

  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.ofNullable(tls);
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return subscribe.apply(listener);
  }

  @Override
  public Subscription holdConnectionsTo(ConnectionRule rule) {
    welcome = rule;
    return () -> welcome = null;
  }

  @Override
  public Health.Part health() {
    return health.get();
  }

  @Override
  public void close() {
    closes.incrementAndGet();
    onClose.run();
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    return judge.apply(evidence).toCompletableFuture().join();
  }

  @Override
  public CompletionStage<Verification> verifyAsync(CallerEvidence evidence) {
    return judge.apply(evidence);
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return claims.test(evidence);
  }

  @Override
  public List<String> challenges() {
    return challenges.get();
  }

  /** What this mechanism says of evidence unless it is told otherwise. */
  public CompletionStage<Verification> believe(CallerEvidence evidence) {
    String proof = evidence.header("X-" + name).get(0);
    Verification verification;
    try {
      Caller caller = Caller.of(PrincipalId.parse(proof), SetClock.START, Instant.MAX);
      verification =
          new Verification.Verified(
              caller.fingerprint("sha256:" + name),
              List.of(new HeaderField("X-Reply-" + name, "proof")));
    } catch (IllegalArgumentException wrong) {
      verification =
          new Verification.Rejected(
              FakeReason.WRONG_PROOF, proof, List.of(new HeaderField("X-Rejected-By", "" + name)));
    }
    return CompletableFuture.completedFuture(verification);
  }

  private boolean isMine(CallerEvidence evidence) {
    return !evidence.header("X-" + name).isEmpty();
  }

  private PrincipalId own() {
    return name.equals(MechanismName.MTLS)
        ? PrincipalId.parse("mtls:spiffe://shop.example/ns/shop/sa/orders")
        : new PrincipalId(name, "SHOP.EXAMPLE", "orders");
  }
}
