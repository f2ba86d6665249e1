// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.policy.NaiveEvaluator.at;

import dev.serviceidentity.k8s.Borders;
import dev.serviceidentity.k8s.policy.NaiveEvaluator.End;
import dev.serviceidentity.k8s.policy.NaiveEvaluator.Standing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who has which address, for the naive evaluator: every question walks all pods and nodes. */
final class NaiveAddresses {
  private static final String SOME_V4 = "?.";
  private static final String SOME_V6 = "?:";

  private final List<Map<String, Object>> pods;
  private final List<Map<String, Object>> nodes;
  private final String unowned;
  private final List<String> podNetworks;

  /** Some address in each range between two borders of any block, where pods may be. */
  private final List<String> samples;

  NaiveAddresses(List<Map<String, Object>> objects, String unowned, List<String> podNetworks) {
    this.pods =
        objects.stream()
            .filter(object -> object.get("kind").equals("Pod"))
            .filter(pod -> !at(pod, "status", "phase").equals("Succeeded"))
            .toList();
    this.nodes = objects.stream().filter(object -> object.get("kind").equals("Node")).toList();
    this.unowned = unowned;
    this.podNetworks = podNetworks;
    var borders = Borders.in(RandomCluster.json(List.of(objects, podNetworks)));
    borders.addAll(List.of("0.0.0.0", "::"));
    this.samples = borders.stream().filter(this::isWherePodsAre).toList();
  }

  private boolean isWherePodsAre(String address) {
    return podNetworks.isEmpty()
        || podNetworks.stream().anyMatch(net -> NaiveEvaluator.inside(net, address));
  }

  private List<String> samples(String some) {
    return samples.stream().filter(each -> each.contains(":") == some.contains(":")).toList();
  }

  /** Whether a condition holds of an address, or of all that it may be. */
  Boolean holds(String address, Predicate<String> condition) {
    if (address == null) {
      return null;
    }
    if (!address.startsWith("?")) {
      return condition.test(address);
    }
    List<String> possible = samples(address);
    long many = possible.stream().filter(condition).count();
    return many == 0 || many == possible.size() ? Boolean.valueOf(many > 0) : null;
  }

  /** A workload is any pod that is made from its template: nobody knows where. */
  static Map<String, Object> asPod(Map<String, Object> object) {
    if (!object.get("kind").equals("Deployment")) {
      return object;
    }
    Map<?, ?> template = (Map<?, ?>) at(object, "spec", "template");
    return Map.of(
        "kind",
        "Pod",
        "template",
        true,
        "metadata",
        Map.of(
            "name",
            at(object, "metadata", "name"),
            "namespace",
            at(object, "metadata", "namespace"),
            "labels",
            ((Map<?, ?>) template.get("metadata")).get("labels")),
        "spec",
        template.get("spec"),
        "status",
        Map.of("phase", "", "podIPs", List.of(), "hostIPs", List.of()));
  }

  List<End> ends(String text) {
    return text.contains("/") ? endsOfPod(text) : endsAt(parsed(text).getHostAddress());
  }

  private List<End> endsOfPod(String name) {
    var ends = new ArrayList<End>();
    for (Map<String, Object> pod : pods) {
      if (name.equals(at(pod, "metadata", "namespace") + "/" + at(pod, "metadata", "name"))) {
        Standing standing = isHost(pod) ? Standing.NODE : Standing.POD;
        ips(pod, "podIPs").forEach(ip -> ends.add(new End(standing, pod, ip)));
        if (ends.isEmpty()) {
          unplaced(standing, pod).forEach(ends::add);
        }
      }
    }
    return ends;
  }

  /** Somewhere in a network of pods; of a node's addresses nothing is known. */
  private List<End> unplaced(Standing standing, Map<String, Object> pod) {
    return standing == Standing.NODE
        ? List.of(new End(standing, pod, null))
        : Stream.of(SOME_V4, SOME_V6)
            .filter(some -> !samples(some).isEmpty())
            .map(some -> new End(standing, pod, some))
            .toList();
  }

  private List<End> endsAt(String address) {
    List<End> ends =
        pods.stream()
            .filter(pod -> !isHost(pod) && ips(pod, "podIPs").contains(address))
            .map(pod -> new End(Standing.POD, pod, address))
            .toList();
    boolean node = isNode(address);
    if (ends.isEmpty()) {
      return List.of(new End(node ? Standing.NODE : ofNobody(address), null, address));
    }
    return node ? List.of(new End(Standing.UNKNOWN, null, address)) : ends;
  }

  private Standing ofNobody(String address) {
    if (isAnybodys(address)) {
      return Standing.UNKNOWN;
    }
    boolean allKnown =
        pods.stream()
            .filter(pod -> isHost(pod) || isWherePodsAre(address))
            .noneMatch(pod -> ips(pod, "podIPs").isEmpty());
    if (allKnown || unowned.equals("OUTSIDE")) {
      return Standing.OUTSIDE;
    }
    return unowned.equals("BLOCKS_DECIDE") ? Standing.UNKNOWN_BUT_BLOCKS_DECIDE : Standing.UNKNOWN;
  }

  private static boolean isAnybodys(String address) {
    InetAddress ip = parsed(address);
    return ip.isLoopbackAddress() || ip.isLinkLocalAddress() || ip.isAnyLocalAddress();
  }

  private static InetAddress parsed(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether the peer is the node of the pod, or on its network. */
  Boolean sameNode(End own, End peer) {
    if (peer.standing() == Standing.UNKNOWN) {
      return null;
    }
    if (peer.standing() != Standing.NODE) {
      return false;
    }
    if (peer.address() != null && ips(own.pod(), "hostIPs").contains(peer.address())) {
      return true;
    }
    String mine = node(own.pod());
    Set<String> theirs =
        peer.pod() != null && !node(peer.pod()).isEmpty()
            ? Set.of(node(peer.pod()))
            : nodesAt(peer.address());
    if (mine.isEmpty() || theirs.isEmpty()) {
      return null;
    }
    if (!theirs.contains(mine)) {
      return false;
    }
    return theirs.size() == 1 ? Boolean.TRUE : null;
  }

  private boolean isNode(String address) {
    return !claims(address).isEmpty();
  }

  private Set<String> nodesAt(String address) {
    Set<String> names = claims(address);
    names.remove("");
    return names;
  }

  /** The nodes that claim an address; the name is empty where a pod does not tell its node. */
  private Set<String> claims(String address) {
    var names = new TreeSet<String>();
    for (Map<String, Object> node : nodes) {
      Map<?, ?> written = (Map<?, ?>) ((List<?>) at(node, "status", "addresses")).get(0);
      if (written.get("address").equals(address)) {
        names.add((String) at(node, "metadata", "name"));
      }
    }
    for (Map<String, Object> pod : pods) {
      boolean claims = isHost(pod) && ips(pod, "podIPs").contains(address);
      if (claims || ips(pod, "hostIPs").contains(address)) {
        names.add(node(pod));
      }
    }
    return names;
  }

  private static List<String> ips(Map<String, Object> pod, String field) {
    return ((List<?>) at(pod, "status", field))
        .stream()
            .map(each -> parsed((String) ((Map<?, ?>) each).get("ip")).getHostAddress())
            .toList();
  }

  private static String node(Map<String, Object> pod) {
    return (String) at(pod, "spec", "nodeName");
  }

  private static boolean isHost(Map<String, Object> pod) {
    return at(pod, "spec", "hostNetwork").equals(true);
  }
}
