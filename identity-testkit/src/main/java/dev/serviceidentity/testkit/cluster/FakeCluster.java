// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.VisibleCluster;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.testkit.cluster.FakeView.Setup;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A Kubernetes cluster in memory, which a test builds and changes while others ask it. What it says
 * is said by the real policy engine and the real binding of callers to pods, from objects that are
 * read as manifests are: a cluster would take them all, or the test fails with the load report.
 *
 * <pre>{@code
 * FakeCluster cluster = FakeCluster.create().namespace("shop")
 *     .pod("shop/web", "app=web").pod("shop/batch", "app=batch").pod("shop/orders", "app=orders")
 *     .policy("shop/orders", """
 *         podSelector: {matchLabels: {app: orders}}
 *         ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]""");
 * assertThat(cluster).from("shop/batch").to("shop/orders").onPort(8080)
 *     .isDenied().nearestMiss("the caller has `app=batch`");
 * }</pre>
 *
 * <p>It goes into {@code ServiceIdentity.builder().network(cluster)} as well; then it is told
 * {@link #ownPod} and {@link #binding}. It shows all of its pods and nodes, so that an address
 * which none of them has is outside, and it never grows old, unless the test says otherwise.
 *
 * <p>Thread-safe. A change is in force when its method returns; whoever asks meanwhile is answered
 * from before or after it, and never waits for it.
 */
public final class FakeCluster implements VisibleCluster {
  private final AtomicReference<ClusterState> current = new AtomicReference<>(ClusterState.EMPTY);

  private FakeCluster() {}

  /**
   * A cluster without any object.
   *
   * @return a new cluster
   */
  public static FakeCluster create() {
    return new FakeCluster();
  }

  FakeView view() {
    return state().view();
  }

  private ClusterState state() {
    return Objects.requireNonNull(current.get());
  }

  private FakeCluster change(UnaryOperator<ClusterState> change) {
    current.updateAndGet(
        state -> {
          if (state.closed()) {
            throw new IllegalStateException("The cluster has been closed");
          }
          return change.apply(state);
        });
    return this;
  }

  /**
   * Adds a namespace, or changes its labels.
   *
   * @param name its name
   * @param labels each {@code key=value}; {@code kubernetes.io/metadata.name} is there by itself
   * @return this
   */
  public FakeCluster namespace(String name, String... labels) {
    Map<String, String> read = Names.labels(labels);
    return change(state -> state.namespace(name, read));
  }

  /**
   * Adds a node with an address.
   *
   * @param name its name
   * @return this
   */
  public FakeCluster node(String name) {
    return change(state -> state.node(name));
  }

  /**
   * Adds a pod, or changes it; its address stays.
   *
   * @param name {@code namespace/name}
   * @param labels each {@code key=value}
   * @return this
   * @throws IllegalArgumentException if there is no such namespace
   */
  public FakeCluster pod(String name, String... labels) {
    return pod(FakePod.of(name, labels));
  }

  /**
   * Adds a pod, or changes it; an address that the cluster has given it stays.
   *
   * @param pod the pod
   * @return this
   * @throws IllegalArgumentException if there is no such namespace or node
   */
  public FakeCluster pod(FakePod pod) {
    return change(state -> state.pod(pod));
  }

  /**
   * Adds a service account. Pods need none to run as it.
   *
   * @param name {@code namespace/name}
   * @return this
   */
  public FakeCluster serviceAccount(String name) {
    Reference.Named named = Names.named(name);
    return change(state -> state.serviceAccount(named, Map.of()));
  }

  /**
   * Adds a service account that claims a principal by the annotation {@code
   * serviceidentity.dev/principal}, which a {@link #binding} hears where it says so.
   *
   * @param name {@code namespace/name}
   * @param principal the principal, as {@code PrincipalId.parse} reads it
   * @return this
   */
  public FakeCluster serviceAccount(String name, String principal) {
    Reference.Named named = Names.named(name);
    Map<String, String> claim = Map.of(AccountClaim.ANNOTATION, principal);
    return change(state -> state.serviceAccount(named, claim));
  }

  /**
   * Adds a NetworkPolicy, or changes it.
   *
   * @param name {@code namespace/name}
   * @param spec the value of its {@code spec}, in YAML or JSON
   * @return this
   * @throws IllegalArgumentException if there is no such namespace
   * @throws dev.serviceidentity.identity.IdentityException with the load report if a cluster would
   *     not take it
   */
  public FakeCluster policy(String name, String spec) {
    Reference.Named named = Names.named(name);
    return change(state -> state.policy(named, spec));
  }

  /**
   * Adds objects of any kind, or changes them, as {@code kubectl apply} does.
   *
   * @param manifests YAML or JSON, any number of documents
   * @return this
   * @throws dev.serviceidentity.identity.IdentityException with the load report if a cluster would
   *     not take them
   */
  public FakeCluster apply(String manifests) {
    return change(state -> state.manifests(set -> set.apply(ClusterState.CODE, manifests)));
  }

  /**
   * Adds the objects of files, or changes them, as {@code kubectl apply} does.
   *
   * @param paths files, and directories whose {@code .yaml}, {@code .yml} and {@code .json} files
   *     are read
   * @return this
   * @throws dev.serviceidentity.identity.IdentityException with the load report if a cluster would
   *     not take them, or if they cannot be read
   */
  public FakeCluster apply(Path... paths) {
    return change(state -> state.manifests(set -> set.apply(List.of(paths))));
  }

  /**
   * Deletes an object; with a namespace goes all that is in it.
   *
   * @param kind its kind, such as {@code NetworkPolicy}
   * @param name {@code namespace/name}, or the name of what has no namespace
   * @return this
   * @throws IllegalArgumentException if there is no such object
   */
  public FakeCluster delete(String kind, String name) {
    return change(state -> state.with(state.view().objects().delete(kind, name)));
  }

  /**
   * Says which pod the service under test runs in.
   *
   * @param name {@code namespace/name}; the pod may come later
   * @return this
   */
  public FakeCluster ownPod(String name) {
    Reference.Named named = Names.named(name);
    return change(state -> state.with(state.view().setup().ownPod(named)));
  }

  /**
   * Says which workloads proven names stand for; none do unless said here.
   *
   * @param rules the rules
   * @return this
   */
  public FakeCluster binding(WorkloadBinding rules) {
    return change(state -> state.with(state.view().setup().binding(rules)));
  }

  /**
   * Says what is assumed where the Kubernetes API leaves it open.
   *
   * @param assumptions blocks match pods, and an address that nobody has is outside, unless said
   *     here
   * @return this
   */
  public FakeCluster assuming(Assumptions assumptions) {
    return change(state -> state.with(state.view().setup().assuming(assumptions)));
  }

  /**
   * Says when the view was last proven current; from then on it grows older by the clock of whoever
   * asks.
   *
   * @param instant the last proof
   * @return this
   */
  public FakeCluster provenAt(Instant instant) {
    return change(state -> state.provenAt(instant));
  }

  /**
   * Makes the view too old for every {@code StalePolicy}.
   *
   * @return this
   */
  public FakeCluster stale() {
    return provenAt(Instant.EPOCH);
  }

  /**
   * Takes a right from the view. What it may not list or watch it does not see; of pods it still
   * sees its own.
   *
   * @param verb {@code list} or {@code watch}
   * @param resource such as {@code networkpolicies}
   * @return this
   * @throws IllegalArgumentException if a view needs no such right
   */
  public FakeCluster forbid(String verb, String resource) {
    var right = new Right(verb, resource);
    return see(sight -> sight.without(right));
  }

  /**
   * Makes everything unknown.
   *
   * @param why what explanations say
   * @return this
   */
  public FakeCluster unknown(String why) {
    return see(sight -> sight.blind(why));
  }

  private FakeCluster see(UnaryOperator<Sight> change) {
    return change(
        state -> {
          Setup setup = state.view().setup();
          return state.with(setup.seeing(change.apply(setup.sight())));
        });
  }

  /**
   * Ends what {@link #stale}, {@link #provenAt}, {@link #forbid} and {@link #unknown} began.
   *
   * @return this
   */
  public FakeCluster recover() {
    return change(
        state -> state.with(state.view().setup().seeing(Sight.FULL)).provenAt(Instant.MAX));
  }

  /**
   * The address of a pod, to send requests from.
   *
   * @param pod {@code namespace/name}
   * @return the first of its addresses
   * @throws IllegalArgumentException if there is no such pod, or it has no address
   */
  public InetAddress addressOf(String pod) {
    return view().manifests().facts().pods().stream()
        .filter(known -> known.displayName().equals(pod))
        .flatMap(known -> known.placement().addresses().stream())
        .findFirst()
        .map(IpAddress::toInetAddress)
        .orElseThrow(() -> new IllegalArgumentException("No pod " + pod + " has an address"));
  }

  /** What is perhaps not as its author meant it; errors there are none. */
  @Override
  public LoadReport loadReport() {
    return view().manifests().report();
  }

  /**
   * Answers a question about pods, workloads, addresses, or the world outside.
   *
   * @param question the question
   * @return the answer, all of it from one moment
   * @throws IllegalArgumentException if an end means nobody, or both are outside
   */
  public Answer ask(Question question) {
    return view().questions().ask(question);
  }

  @Override
  public ClusterFacts facts() {
    return view().network().facts();
  }

  @Override
  public List<PrincipalId> namesOf(ServiceAccountName account) {
    return view().network().namesOf(account);
  }

  @Override
  public PolicyDecision check(Flow flow) {
    return view().check(flow);
  }

  @Override
  public Resolution resolve(Caller caller, SourceAddress source) {
    return view().network().resolve(caller, source);
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    return view().network().workloadsOf(account);
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return view().network().serviceAccountOf(principal);
  }

  @Override
  public Optional<Workload> self() {
    return view().network().self();
  }

  @Override
  public ViewStamp stamp() {
    return view().stamp();
  }

  @Override
  public Health.Part health() {
    return view().health();
  }

  @Override
  public void close() {
    ClusterState last = Objects.requireNonNull(current.updateAndGet(ClusterState::closing));
    last.view().network().close();
  }
}
