// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.policy.NaiveEvaluator.at;

import dev.serviceidentity.k8s.policy.NaiveEvaluator.End;
import dev.serviceidentity.k8s.policy.NaiveEvaluator.Standing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who has which address, for the naive evaluator: every question walks all pods and nodes. */
final class NaiveAddresses {
  private final List<Map<String, Object>> pods;
  private final List<Map<String, Object>> nodes;
  private final String unowned;

  NaiveAddresses(List<Map<String, Object>> pods, List<Map<String, Object>> nodes, String unowned) {
    this.pods =
        pods.stream().filter(pod -> !at(pod, "status", "phase").equals("Succeeded")).toList();
    this.nodes = nodes;
    this.unowned = unowned;
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
          ends.add(new End(standing, pod, null));
        }
      }
    }
    return ends;
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
    boolean allKnown = pods.stream().noneMatch(pod -> ips(pod, "podIPs").isEmpty());
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
