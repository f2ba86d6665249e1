// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Part;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.Workload.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cluster with one pod of {@code shop/web} behind every address, which may do everything. Each
 * thing it says can be replaced.
 */
public final class FakeNetwork implements ClusterNetwork {
  public static final Workload WEB = pod("shop/web", "web-1");
  public static final Workload ORDERS = pod("shop/orders", "orders-1");

  private static final Pattern HTTP = Pattern.compile("HTTP/([a-z-]+)\\.([a-z-]+)");

  private final AtomicInteger closes = new AtomicInteger();
  private volatile Supplier<Resolution> resolve = () -> new Resolution.One(WEB);
  private volatile Supplier<CompletionStage<Resolution>> lookUp =
      () -> CompletableFuture.completedFuture(resolve.get());
  private volatile Function<Flow, PolicyDecision> check = flow -> decision(Verdict.ALLOWED);
  private volatile Supplier<Optional<Workload>> self = () -> Optional.of(ORDERS);
  private volatile Supplier<ViewStamp> stamp = () -> new ViewStamp("v7", 7, Instant.MAX);
  private volatile Function<PrincipalId, Optional<ServiceAccountName>> accounts =
      FakeNetwork::accountOf;
  private volatile Function<ServiceAccountName, List<Workload>> workloads =
      account -> account.equals(WEB.serviceAccount()) ? List.of(WEB) : List.of();
  private volatile Supplier<Health.Part> health =
      () -> new Health.Part("view", Health.Status.UP, "fine", SetClock.START);
  private volatile Consumer<FindingListener> inspect = heard -> {};
  private volatile Runnable onClose = () -> {};

  public static Workload pod(String account, String name) {
    return new Workload(
        ServiceAccountName.parse(account),
        new Pod(name, "uid-" + name, "node-1"),
        Map.of("app", name),
        Map.of("team", "shop"));
  }

  public FakeNetwork resolving(Supplier<Resolution> how) {
    resolve = how;
    return this;
  }

  public FakeNetwork lookingUp(Supplier<CompletionStage<Resolution>> how) {
    lookUp = how;
    return this;
  }

  public FakeNetwork checking(Function<Flow, PolicyDecision> how) {
    check = how;
    return this;
  }

  public FakeNetwork being(Supplier<Optional<Workload>> who) {
    self = who;
    return this;
  }

  public FakeNetwork stamped(Supplier<ViewStamp> how) {
    stamp = how;
    return this;
  }

  public FakeNetwork mapping(Function<PrincipalId, Optional<ServiceAccountName>> how) {
    accounts = how;
    return this;
  }

  public FakeNetwork running(Function<ServiceAccountName, List<Workload>> how) {
    workloads = how;
    return this;
  }

  public FakeNetwork feeling(Supplier<Health.Part> how) {
    health = how;
    return this;
  }

  public FakeNetwork finding(Consumer<FindingListener> what) {
    inspect = what;
    return this;
  }

  public FakeNetwork closing(Runnable how) {
    onClose = how;
    return this;
  }

  public int closes() {
    return closes.get();
  }

  /** A decision of the view that is in force. */
  public PolicyDecision decision(Verdict verdict) {
    return PolicyDecision.of(
        verdict,
        flow ->
            new Explanation(
                "the policies say " + verdict,
                List.of(new Part(Side.INGRESS, "shop/orders", verdict, "by its rules", List.of())),
                List.of("shop/orders-ingress ingress[0].from[1]")),
        stamp.get());
  }

  @Override
  public Resolution resolve(Caller caller, SourceAddress source) {
    return resolve.get();
  }

  @Override
  public CompletionStage<Resolution> lookUp(Caller caller, SourceAddress source) {
    return lookUp.get();
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    return workloads.apply(account);
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return accounts.apply(principal);
  }

  @Override
  public PolicyDecision check(Flow flow) {
    return check.apply(flow);
  }

  @Override
  public Optional<Workload> self() {
    return self.get();
  }

  @Override
  public ViewStamp stamp() {
    return stamp.get();
  }

  @Override
  public Health.Part health() {
    return health.get();
  }

  @Override
  public void inspect(FindingListener heard) {
    inspect.accept(heard);
  }

  @Override
  public void close() {
    closes.incrementAndGet();
    onClose.run();
  }

  /** By SPIFFE path, and {@code HTTP/<name>.<namespace>} for Kerberos. */
  private static Optional<ServiceAccountName> accountOf(PrincipalId principal) {
    Matcher http = HTTP.matcher(principal.name());
    return http.matches()
        ? Optional.of(new ServiceAccountName(http.group(2), http.group(1)))
        : ServiceAccountName.ofSpiffePath(principal);
  }
}
