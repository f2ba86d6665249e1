// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import dev.serviceidentity.network.WorkloadResolver.Resolution.Candidates;
import dev.serviceidentity.network.WorkloadResolver.Resolution.External;
import dev.serviceidentity.network.WorkloadResolver.Resolution.Hidden;
import dev.serviceidentity.network.WorkloadResolver.Resolution.One;
import dev.serviceidentity.network.WorkloadResolver.Resolution.Unknown;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is behind an address, as a real API server shows it, in views of either kind. */
class WorkloadResolutionClusterTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String SECOND_FAMILY = "10.77.%d.%d";
  private static final String OUTSIDE = "203.0.113.9";

  private RealCluster cluster;
  private KubernetesNetwork network;

  /** What a view watches. */
  enum Kind {
    LEAN,
    WHOLE
  }

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(1));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, cluster);
  }

  private LiveNetworkBuilder view(Kind kind) {
    LiveNetworkBuilder builder = cluster.viewBy("orders");
    return kind == Kind.WHOLE ? builder.wholeCluster() : builder;
  }

  private Caller caller(String account) {
    return cluster.caller(account);
  }

  private static Caller foreigner() {
    return RealCluster.callerOf("spiffe://foreign.example/somebody");
  }

  private static SourceAddress source(String address) throws Exception {
    return SourceAddress.ofSocket(InetAddress.getByName(address));
  }

  private CompletableFuture<Resolution> asked(Caller caller, String address) throws Exception {
    return network.lookUp(caller, source(address)).toCompletableFuture();
  }

  /** As the guard does it. */
  private Resolution find(Caller caller, String address) throws Exception {
    Resolution known = network.resolve(caller, source(address));
    return known instanceof Unknown ? asked(caller, address).get(60, TimeUnit.SECONDS) : known;
  }

  private static void isPod(Resolution resolution, String name) {
    assertThat(resolution)
        .isInstanceOfSatisfying(
            One.class, one -> assertThat(one.workload().pod().name()).isEqualTo(name));
  }

  /** An IPv4 address that no other test uses, unless two namespaces are much alike. */
  private String second(int number) {
    int random = cluster.namespace().hashCode();
    return SECOND_FAMILY.formatted((random >>> 8) & 0xff, number + 2 * (random & 0x3f));
  }

  private void podOnHost(String name, String address) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          hostNetwork: true
          nodeName: some-node
          serviceAccountName: agent
          containers: [{name: main, image: none}]
        """
            .formatted(name));
    cluster.status(name, "Running", address);
  }

  @ParameterizedTest
  @EnumSource
  void aPodIsFoundByEachOfItsAddresses(Kind kind) throws Exception {
    cluster.pod("web", Map.of(), "web", cluster.address(2), second(2));
    network = view(kind).open();
    isPod(find(caller("web"), second(2)), "web");
    isPod(find(caller("web"), cluster.address(2)), "web");
  }

  @ParameterizedTest
  @EnumSource
  void aPodOnTheHostNetworkIsHiddenBehindItsNode(Kind kind) throws Exception {
    podOnHost("agent", second(3));
    network = view(kind).open();
    assertThat(find(caller("agent"), second(3)))
        .isInstanceOfSatisfying(
            Hidden.class, hidden -> assertThat(hidden.why()).isEqualTo("a node's address"));
  }

  @ParameterizedTest
  @EnumSource
  void anAddressThatIsUsedAgainIsThePodsThatLives(Kind kind) throws Exception {
    cluster.pod("first", Map.of(), "first", cluster.address(2));
    cluster.status("first", "Succeeded", cluster.address(2));
    cluster.pod("second", Map.of(), "second", cluster.address(2));
    network = view(kind).open();
    isPod(find(caller("first"), cluster.address(2)), "second");
  }

  @ParameterizedTest
  @EnumSource
  void anAddressThatTwoPodsHaveIsBoths(Kind kind) throws Exception {
    cluster.pod("old", Map.of(), "web", cluster.address(2));
    cluster.pod("new", Map.of(), "web", cluster.address(2));
    network = view(kind).open();
    assertThat(find(caller("web"), cluster.address(2)))
        .isInstanceOfSatisfying(
            Candidates.class, several -> assertThat(several.workloads()).hasSize(2));
    cluster.deletePod("old");
    eventually(
        "it is only the new one's",
        () -> find(caller("web"), cluster.address(2)),
        each -> each instanceof One);
  }

  @ParameterizedTest
  @EnumSource
  void aPodWhoseAddressIsNotShownYetIsWaitedFor(Kind kind) throws Exception {
    cluster.pod("web", Map.of(), "web");
    network = view(kind).newPods(LONG).open();
    CompletableFuture<Resolution> asked = asked(caller("web"), cluster.address(2));
    assertThat(asked).isNotDone();
    cluster.status("web", "Running", cluster.address(2));
    isPod(asked.get(30, TimeUnit.SECONDS), "web");
  }

  @Test
  void aPodThatIsNotShownAtAllYetIsWaitedFor() throws Exception {
    network = view(Kind.LEAN).newPods(LONG).open();
    CompletableFuture<Resolution> asked = asked(caller("web"), cluster.address(2));
    assertThat(asked).isNotDone();
    cluster.pod("web", Map.of(), "web", cluster.address(2));
    isPod(asked.get(30, TimeUnit.SECONDS), "web");
  }

  @ParameterizedTest
  @EnumSource
  void aPodThatDoesNotComeIsNotWaitedForLong(Kind kind) throws Exception {
    network = view(kind).podNetworks(List.of(Cidr.parse("fd11::/16"))).open();
    cluster.pod("pending", Map.of(), "pending");
    eventually(
        "who has the address is not known",
        () -> find(caller("web"), cluster.address(99)),
        each -> each instanceof Unknown);
  }

  @ParameterizedTest
  @EnumSource
  void whoeverHasAnAddressWhereNeitherPodsNorNodesAreIsOutside(Kind kind) throws Exception {
    cluster.pod("pending", Map.of(), "pending");
    network =
        view(kind).podNetworks(List.of(Cidr.parse("fd11::/16"), Cidr.parse("10.77.0.0/16"))).open();
    for (Caller each : List.of(caller("web"), foreigner())) {
      eventually("it is", () -> find(each, OUTSIDE), found -> found instanceof External);
    }
  }

  @Test
  void nobodyIsOutsideWhileItIsNotKnownWherePodsAre() throws Exception {
    network = view(Kind.LEAN).open();
    assertThat(find(foreigner(), OUTSIDE)).isInstanceOf(Unknown.class);
  }

  @Test
  void nobodyIsOutsideOfAWholeViewWhileAPodHasNoAddressYet() throws Exception {
    cluster.pod("pending", Map.of(), "pending");
    network = view(Kind.WHOLE).open();
    assertThat(find(foreigner(), OUTSIDE)).isInstanceOf(Unknown.class);
  }

  @Test
  void aProxyIsFoundAsThePodThatItIs() throws Exception {
    cluster.pod("gateway", Map.of(), "gateway", cluster.address(2));
    network = view(Kind.LEAN).open();
    isPod(find(caller("gateway"), cluster.address(2)), "gateway");
  }

  @Test
  void thePodsOfACallerBehindASidecarAreKnownAMomentAfterTheFirstCall() throws Exception {
    cluster.pod("web", Map.of(), "web", cluster.address(2));
    network = view(Kind.LEAN).open();
    assertThat(network.resolve(caller("web"), source("127.0.0.1"))).isInstanceOf(Hidden.class);
    assertThat(network.resolve(caller("web"), source(cluster.address(1))))
        .isInstanceOf(Hidden.class);
    var web = new ServiceAccountName(cluster.namespace(), "web");
    eventually("its pods are known", () -> network.workloadsOf(web), each -> each.size() == 1);
  }

  @Test
  void anAddressAloneIsFoundIfItIsAPodsFirst() throws Exception {
    cluster.pod("web", Map.of(), "web", cluster.address(2), second(2));
    network = view(Kind.LEAN).newPods(Duration.ZERO).open();
    assertThat(find(foreigner(), second(2))).isInstanceOf(Unknown.class);
    isPod(find(foreigner(), cluster.address(2)), "web");
    isPod(network.resolve(foreigner(), source(second(2))), "web");
  }

  @Test
  void aFloodOfAddressesIsCutShortAndKeepsNobodyElseOut() throws Exception {
    cluster.pod("web", Map.of(), "web", cluster.address(2));
    network = view(Kind.LEAN).open();
    long cut = 0;
    for (int i = 0; i < 5_000; i++) {
      Resolution now = asked(foreigner(), "198.51.%d.%d".formatted(i / 256, i % 256)).getNow(null);
      cut += now instanceof Unknown unknown && unknown.why().contains("too often") ? 1 : 0;
    }
    assertThat(cut).isGreaterThan(4_500);
    isPod(find(caller("web"), cluster.address(2)), "web");
  }
}
