// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cluster-wide policies for the naive evaluator: all answers that are possible, found by
 * walking every rule in order with every meaning of what is not known.
 */
final class NaiveTiers {
  private static final Set<Boolean> YES = Set.of(true);
  private static final Set<Boolean> NO = Set.of(false);
  private static final Set<Boolean> EITHER = Set.of(true, false);
  private static final String OLD_BASELINE = "BaselineAdminNetworkPolicy";
  private static final Set<String> KINDS =
      Set.of("ClusterNetworkPolicy", "AdminNetworkPolicy", OLD_BASELINE);

  private final NaiveEvaluator flows;
  private final List<Map<String, Object>> policies;

  NaiveTiers(NaiveEvaluator flows, List<Map<String, Object>> objects) {
    this.flows = flows;
    this.policies =
        objects.stream()
            .filter(object -> KINDS.contains(object.get("kind")))
            .sorted(
                Comparator.comparing(NaiveTiers::priority)
                    .thenComparing(
                        policy -> (String) NaiveEvaluator.at(policy, "metadata", "name")))
            .toList();
  }

  record Asked(
      NaiveEvaluator.End own,
      NaiveEvaluator.End peer,
      NaiveEvaluator.End target,
      String protocol,
      int port,
      String direction) {}

  /** Whether there is a policy of which it is not even known whom it is about. */
  boolean anyUnreadable() {
    return policies.stream().anyMatch(policy -> !readable(subject(policy)));
  }

  /** Null from the NetworkPolicies means that none isolates; otherwise what they may say. */
  Set<Boolean> decide(Asked asked, Set<Boolean> networkPolicies) {
    Set<Boolean> next = networkPolicies == null ? baseline(asked) : networkPolicies;
    return walk(admin(), asked, NO, next);
  }

  Set<Boolean> decideOwnNode(Asked asked) {
    return walk(admin(), asked, EITHER, YES);
  }

  private List<Map<String, Object>> admin() {
    return policies.stream().filter(policy -> tier(policy).equals("Admin")).toList();
  }

  private Set<Boolean> baseline(Asked asked) {
    List<Map<String, Object>> all =
        policies.stream().filter(policy -> tier(policy).equals("Baseline")).toList();
    var oldFirst = new ArrayList<>(all);
    oldFirst.sort(Comparator.comparing(policy -> !policy.get("kind").equals(OLD_BASELINE)));
    var oldLast = new ArrayList<>(all);
    oldLast.sort(Comparator.comparing(policy -> policy.get("kind").equals(OLD_BASELINE)));
    return union(walk(oldFirst, asked, NO, YES), walk(oldLast, asked, NO, YES));
  }

  private Set<Boolean> walk(
      List<Map<String, Object>> order, Asked asked, Set<Boolean> onDeny, Set<Boolean> onNext) {
    var possible = new HashSet<Boolean>();
    for (Map<String, Object> policy : order) {
      Boolean about = pods(subject(policy), asked.own);
      Map<?, ?> spec = (Map<?, ?>) policy.get("spec");
      for (Object each : NaiveEvaluator.list(spec.get(asked.direction))) {
        Map<?, ?> rule = (Map<?, ?>) each;
        boolean understood = understood(rule, asked.direction);
        String action = rule.get("action").toString().replace("Allow", "Accept");
        Boolean matches =
            !understood ? Boolean.valueOf(!action.equals("Accept")) : rule(rule, asked);
        matches = NaiveEvaluator.and(about, matches);
        if (Boolean.FALSE.equals(matches)) {
          continue;
        }
        if (action.equals("Accept")) {
          possible.addAll(YES);
        } else {
          possible.addAll(action.equals("Deny") || !understood ? onDeny : onNext);
        }
        if (matches != null) {
          return possible;
        }
      }
    }
    possible.addAll(onNext);
    return possible;
  }

  private Boolean rule(Map<?, ?> rule, Asked asked) {
    Boolean peer = false;
    for (Object each : NaiveEvaluator.list(rule.get(peerField(asked.direction)))) {
      peer = NaiveEvaluator.or(peer, peer((Map<?, ?>) each, asked.peer));
    }
    List<?> ports = NaiveEvaluator.list(rule.get(portsField(rule)));
    Boolean port = ports.isEmpty();
    for (Object each : ports) {
      port = NaiveEvaluator.or(port, port((Map<?, ?>) each, asked));
    }
    return NaiveEvaluator.and(peer, port);
  }

  private static String peerField(String direction) {
    return direction.equals("ingress") ? "from" : "to";
  }

  private static String portsField(Map<?, ?> rule) {
    return rule.containsKey("protocols") ? "protocols" : "ports";
  }

  private Boolean peer(Map<?, ?> peer, NaiveEvaluator.End end) {
    if (peer.containsKey("networks")) {
      return flows.inNetworks(NaiveEvaluator.list(peer.get("networks")), end);
    }
    return pods(peer, end);
  }

  private Boolean pods(Map<?, ?> peer, NaiveEvaluator.End end) {
    Map<?, ?> pods = (Map<?, ?>) peer.get("pods");
    return pods == null
        ? flows.chosen((Map<?, ?>) peer.get("namespaces"), null, end)
        : flows.chosen(
            (Map<?, ?>) pods.get("namespaceSelector"), (Map<?, ?>) pods.get("podSelector"), end);
  }

  private static Boolean port(Map<?, ?> port, Asked asked) {
    for (String field : List.of("destinationNamedPort", "namedPort")) {
      if (port.containsKey(field)) {
        return NaiveEvaluator.named(
            (String) port.get(field), asked.target, asked.protocol, asked.port);
      }
    }
    String protocol = "TCP";
    Object numbers = null;
    for (Map.Entry<?, ?> entry : port.entrySet()) {
      Map<?, ?> value = (Map<?, ?>) entry.getValue();
      boolean newer = value.containsKey("destinationPort");
      protocol =
          newer
              ? entry.getKey().toString().toUpperCase(java.util.Locale.ROOT)
              : value.containsKey("protocol") ? (String) value.get("protocol") : protocol;
      numbers = newer ? value.get("destinationPort") : value;
    }
    Map<?, ?> range = (Map<?, ?>) numbers;
    range = range.containsKey("range") ? (Map<?, ?>) range.get("range") : range;
    Object single = range.containsKey("number") ? range.get("number") : range.get("port");
    int first = (Integer) (single == null ? range.get("start") : single);
    int last = (Integer) (single == null ? range.get("end") : single);
    return protocol.equals(asked.protocol) && first <= asked.port && asked.port <= last;
  }

  private static boolean understood(Map<?, ?> rule, String direction) {
    for (Object each : NaiveEvaluator.list(rule.get(peerField(direction)))) {
      Map<?, ?> peer = (Map<?, ?>) each;
      boolean networks = direction.equals("egress") && peer.containsKey("networks");
      if (!networks && !readable(peer)) {
        return false;
      }
    }
    for (Object each : NaiveEvaluator.list(rule.get(portsField(rule)))) {
      if (each.toString().contains("start=443")) {
        return false;
      }
    }
    return true;
  }

  private static boolean readable(Map<?, ?> peer) {
    Map<?, ?> pods = (Map<?, ?>) peer.get("pods");
    Map<?, ?> namespaces = (Map<?, ?>) peer.get("namespaces");
    if (peer.size() != 1 || (pods == null && namespaces == null)) {
      return false;
    }
    return pods == null
        ? NaiveEvaluator.valid(namespaces)
        : pods.containsKey("podSelector")
            && NaiveEvaluator.valid((Map<?, ?>) pods.get("podSelector"))
            && NaiveEvaluator.valid((Map<?, ?>) pods.get("namespaceSelector"));
  }

  private static Map<?, ?> subject(Map<String, Object> policy) {
    return (Map<?, ?>) NaiveEvaluator.at(policy, "spec", "subject");
  }

  private static String tier(Map<String, Object> policy) {
    return switch ((String) policy.get("kind")) {
      case "ClusterNetworkPolicy" -> (String) NaiveEvaluator.at(policy, "spec", "tier");
      case OLD_BASELINE -> "Baseline";
      default -> "Admin";
    };
  }

  private static int priority(Map<String, Object> policy) {
    return policy.get("kind").equals(OLD_BASELINE)
        ? 0
        : (Integer) NaiveEvaluator.at(policy, "spec", "priority");
  }

  static Set<Boolean> union(Set<Boolean> one, Set<Boolean> other) {
    var union = new HashSet<>(one);
    union.addAll(other);
    return union;
  }

  static Set<Boolean> possible(Boolean value) {
    return value == null ? EITHER : Set.of(value);
  }
}
