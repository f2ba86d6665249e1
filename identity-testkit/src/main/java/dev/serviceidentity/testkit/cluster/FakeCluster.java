// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestSet;
import dev.serviceidentity.k8s.cluster.Spelling;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.ClusterNetwork;
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
public final class FakeCluster implements ClusterNetwork {
  private static final String POD = "Pod";
  private static final String NODE = "Node";
  private static final String NAMESPACE = "Namespace";
  private static final String CODE = "in the code of the test";

  private final AtomicReference<State> current;

  /** The cluster, and which addresses its pods and nodes have been given. */
  private record State(FakeView view, AddressPlan plan, boolean closed) {
    State with(ManifestSet objects, AddressPlan addresses) {
      return new State(next(objects, view.setup(), view.stamp().provenAt()), addresses, closed);
    }

    State with(ManifestSet objects) {
      return with(objects, plan);
    }

    State with(Setup setup) {
      return new State(next(view.objects(), setup, view.stamp().provenAt()), plan, closed);
    }

    State provenAt(Instant instant) {
      return new State(next(view.objects(), view.setup(), instant), plan, closed);
    }

    private FakeView next(ManifestSet objects, Setup setup, Instant provenAt) {
      return new FakeView(objects, setup, stamp(view.stamp().generation() + 1, provenAt));
    }
  }

  private FakeCluster() {
    var objects = ManifestSet.empty(Loopback.TRUSTED);
    var assumed = new Assumptions(PodsInBlocks.MATCH, Unowned.OUTSIDE);
    var nobody = WorkloadBinding.builder().build();
    var setup = new Setup(Optional.empty(), nobody, assumed, Sight.FULL);
    var view = new FakeView(objects, setup, stamp(1, Instant.MAX));
    current = new AtomicReference<>(new State(view, AddressPlan.EMPTY, false));
  }

  private static ViewStamp stamp(long generation, Instant provenAt) {
    return new ViewStamp("fake cluster", generation, provenAt);
  }

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

  private State state() {
    return Objects.requireNonNull(current.get());
  }

  private FakeCluster change(UnaryOperator<State> change) {
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
    Map<String, Object> metadata = Map.of("name", name, "labels", Names.labels(labels));
    String text = Names.json(Map.of("apiVersion", "v1", "kind", NAMESPACE, "metadata", metadata));
    return change(state -> state.with(state.view().objects().apply(CODE, text)));
  }

  /**
   * Adds a node with an address.
   *
   * @param name its name
   * @return this
   */
  public FakeCluster node(String name) {
    return change(
        state -> {
          AddressPlan plan = state.plan().placing(NODE + " " + name);
          Map<String, String> address =
              Map.of("type", "InternalIP", "address", plan.ofNode(NODE + " " + name));
          String text =
              Names.json(
                  Map.of(
                      "apiVersion",
                      "v1",
                      "kind",
                      NODE,
                      "metadata",
                      Map.of("name", name),
                      "status",
                      Map.of("addresses", List.of(address))));
          return state.with(state.view().objects().apply(CODE, text), plan);
        });
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
    return change(state -> place(pod, state));
  }

  private static State place(FakePod pod, State state) {
    ManifestSet objects = state.view().objects();
    requireNamespace(pod.name(), objects);
    List<String> hostAddresses = hostAddresses(pod, state);
    if (!pod.ownAddresses().isEmpty() || pod.isOnHostNetwork()) {
      List<String> own = pod.ownAddresses().isEmpty() ? hostAddresses : pod.ownAddresses();
      AddressPlan plan = state.plan().taking(own.stream().map(IpAddress::parse).toList());
      return state.with(objects.apply(CODE, Names.json(pod.manifest(own, hostAddresses))), plan);
    }
    String who = POD + " " + pod;
    AddressPlan plan = state.plan().placing(who);
    List<String> given = plan.ofPod(who, pod.isDualStack());
    return state.with(objects.apply(CODE, Names.json(pod.manifest(given, hostAddresses))), plan);
  }

  private static List<String> hostAddresses(FakePod pod, State state) {
    String node = pod.nodeName();
    if (node.isEmpty() && pod.isOnHostNetwork() && pod.ownAddresses().isEmpty()) {
      throw new IllegalArgumentException(
          "the pod " + pod + " is on the network of a node; say of which with node(...)");
    }
    if (node.isEmpty()) {
      return List.of();
    }
    require(NODE, node, "node", state.view().objects());
    return state.view().manifests().facts().nodes().stream()
        .filter(known -> known.name().equals(node))
        .flatMap(known -> known.addresses().stream())
        .map(IpAddress::toString)
        .toList();
  }

  /**
   * Adds a service account. Pods need none to run as it.
   *
   * @param name {@code namespace/name}
   * @return this
   */
  public FakeCluster serviceAccount(String name) {
    return account(Names.named(name), Map.of());
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
    return account(Names.named(name), Map.of(AccountClaim.ANNOTATION, principal));
  }

  private FakeCluster account(Reference.Named name, Map<String, String> annotations) {
    Map<String, Object> metadata = Names.metadata(name, annotations);
    String text =
        Names.json(Map.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata", metadata));
    return change(
        state -> {
          requireNamespace(name, state.view().objects());
          return state.with(state.view().objects().apply(CODE, text));
        });
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
    String metadata = Names.json(Names.metadata(named, Map.of()));
    String header =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: %s
        spec:
        """
            .formatted(metadata);
    String text = header + spec.indent(2);
    return change(
        state -> {
          requireNamespace(named, state.view().objects());
          return state.with(state.view().objects().apply("policy " + name, text));
        });
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
    return change(state -> taking(state, state.view().objects().apply(CODE, manifests)));
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
    return change(state -> taking(state, state.view().objects().apply(List.of(paths))));
  }

  /** Pods that come later must not be given the addresses of those that have come. */
  private static State taking(State state, ManifestSet objects) {
    State next = state.with(objects);
    List<IpAddress> taken =
        next.view().manifests().facts().pods().stream()
            .flatMap(pod -> pod.placement().addresses().stream())
            .toList();
    return next.with(objects, state.plan().taking(taken));
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

  /**
   * What is perhaps not as its author meant it; errors there are none.
   *
   * @return warnings and notes
   */
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
  public PolicyDecision check(Flow flow) {
    return view().check(flow);
  }

  @Override
  public Resolution resolve(Caller caller, SourceAddress source) {
    return view().network().resolve(caller, source);
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
    State last =
        Objects.requireNonNull(
            current.updateAndGet(state -> new State(state.view(), state.plan(), true)));
    last.view().network().close();
  }

  private static void requireNamespace(Reference.Named name, ManifestSet objects) {
    require(NAMESPACE, name.namespace(), "namespace", objects);
  }

  private static void require(String kind, String name, String method, ManifestSet objects) {
    List<String> known = objects.paths(kind);
    if (!known.contains(name)) {
      String hint = Spelling.hint(Spelling.nearest(name, known));
      throw new IllegalArgumentException(
          "there is no %s %s; add it with %s(...)".formatted(kind, name, method) + hint);
    }
  }
}
