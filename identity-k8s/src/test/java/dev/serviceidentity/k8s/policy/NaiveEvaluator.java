// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Decides flows a second time, straight from the objects and the statements of the semantics, as
 * plainly as can be. Shares nothing with the engine. A null is "not known".
 */
final class NaiveEvaluator {
  private static final String NAME = "kubernetes.io/metadata.name";

  private final List<Map<String, Object>> objects = new ArrayList<>();
  private final NaiveAddresses addresses;
  private final NaiveTiers tiers;
  private final String podsInBlocks;

  NaiveEvaluator(
      List<Map<String, Object>> written,
      String podsInBlocks,
      String unowned,
      List<String> podNetworks) {
    written.forEach(object -> objects.add(NaiveAddresses.asPod(object)));
    this.addresses = new NaiveAddresses(objects, unowned, podNetworks);
    this.tiers = new NaiveTiers(this, objects);
    this.podsInBlocks = podsInBlocks;
  }

  /** What one address may stand for. */
  enum Standing {
    POD,
    NODE,
    OUTSIDE,
    UNKNOWN,
    UNKNOWN_BUT_BLOCKS_DECIDE
  }

  /** One address, perhaps of a pod; what it is where that is not known, its addresses know. */
  record End(Standing standing, Map<String, Object> pod, String address) {
    boolean isPod() {
      return standing == Standing.POD;
    }

    boolean isUnknown() {
      return standing == Standing.UNKNOWN || standing == Standing.UNKNOWN_BUT_BLOCKS_DECIDE;
    }
  }

  String verdict(
      String from, String to, String protocol, int port, boolean ingress, boolean egress) {
    var verdicts = new HashSet<String>();
    for (End source : addresses.ends(from)) {
      for (End target : addresses.ends(to)) {
        if (source.address == null
            || target.address == null
            || source.address.contains(":") == target.address.contains(":")) {
          Boolean in =
              ingress ? side(target, source, target, protocol, port, "ingress") : Boolean.TRUE;
          Boolean out =
              egress ? side(source, target, target, protocol, port, "egress") : Boolean.TRUE;
          verdicts.add(word(and(in, out)));
        }
      }
    }
    return verdicts.size() == 1 ? verdicts.iterator().next() : "UNDECIDABLE";
  }

  private static String word(Boolean value) {
    if (value == null) {
      return "UNDECIDABLE";
    }
    return value ? "ALLOWED" : "DENIED";
  }

  private Boolean side(End own, End peer, End target, String protocol, int port, String direction) {
    if (own.isUnknown()) {
      return null;
    }
    if (!own.isPod()) {
      return true;
    }
    // A workload at both ends means two pods of it.
    if (peer.isPod() && own.pod == peer.pod && !own.pod.containsKey("template")) {
      return true;
    }
    if (tiers.anyUnreadable()) {
      return null;
    }
    var asked = new NaiveTiers.Asked(own, peer, target, protocol, port, direction);
    Set<Boolean> other = tiers.decide(asked, networkPolicies(asked));
    Set<Boolean> ownNode = tiers.decideOwnNode(asked);
    Boolean sameNode = addresses.sameNode(own, peer);
    Set<Boolean> possible =
        sameNode == null ? NaiveTiers.union(ownNode, other) : sameNode ? ownNode : other;
    return possible.size() == 1 ? possible.iterator().next() : null;
  }

  /** What the NetworkPolicies may say, or null if none isolates the pod. */
  private Set<Boolean> networkPolicies(NaiveTiers.Asked asked) {
    End own = asked.own();
    boolean isolated = false;
    Boolean admitted = false;
    for (Map<String, Object> policy : ofKind("NetworkPolicy")) {
      Map<?, ?> spec = (Map<?, ?>) policy.get("spec");
      String namespace = (String) at(policy, "metadata", "namespace");
      if (!namespace.equals(at(own.pod, "metadata", "namespace"))) {
        continue;
      }
      boolean broken = !valid((Map<?, ?>) spec.get("podSelector"));
      if (!broken && !selects((Map<?, ?>) spec.get("podSelector"), labels(own.pod))) {
        continue;
      }
      if (broken || types(spec).contains(asked.direction())) {
        isolated = true;
        for (Object rule : broken ? List.of() : list(spec.get(asked.direction()))) {
          admitted = or(admitted, rule((Map<?, ?>) rule, namespace, asked));
        }
      }
    }
    return isolated ? NaiveTiers.possible(admitted) : null;
  }

  private static Set<String> types(Map<?, ?> spec) {
    List<?> written = list(spec.get("policyTypes"));
    var types = new HashSet<String>();
    if (written.isEmpty()) {
      types.add("ingress");
      if (!list(spec.get("egress")).isEmpty()) {
        types.add("egress");
      }
    }
    written.forEach(type -> types.add(type.toString().toLowerCase(java.util.Locale.ROOT)));
    return types;
  }

  private Boolean rule(Map<?, ?> rule, String namespace, NaiveTiers.Asked asked) {
    List<?> peers = list(rule.containsKey("from") ? rule.get("from") : rule.get("to"));
    Boolean peerMatches = peers.isEmpty();
    for (Object each : peers) {
      peerMatches = or(peerMatches, peer((Map<?, ?>) each, namespace, asked.peer()));
    }
    List<?> ports = list(rule.get("ports"));
    Boolean portMatches = ports.isEmpty();
    for (Object each : ports) {
      Boolean one = port((Map<?, ?>) each, asked.target(), asked.protocol(), asked.port());
      portMatches = or(portMatches, one);
    }
    return and(peerMatches, portMatches);
  }

  private Boolean peer(Map<?, ?> peer, String namespace, End end) {
    Map<?, ?> block = (Map<?, ?>) peer.get("ipBlock");
    Map<?, ?> pods = (Map<?, ?>) peer.get("podSelector");
    Map<?, ?> namespaces = (Map<?, ?>) peer.get("namespaceSelector");
    if (block != null) {
      return pods == null && namespaces == null ? block(block, end) : Boolean.FALSE;
    }
    if ((pods == null && namespaces == null) || !valid(pods) || !valid(namespaces)) {
      return false;
    }
    if (!end.isPod()) {
      return end.isUnknown() ? null : Boolean.FALSE;
    }
    Boolean inNamespace = inNamespace(namespaces, namespace, end);
    return and(inNamespace, pods == null || selects(pods, labels(end.pod)));
  }

  /** Whether selectors of which none is the policy's own namespace choose an end. */
  Boolean chosen(Map<?, ?> namespaces, Map<?, ?> pods, End end) {
    if (!end.isPod()) {
      return end.isUnknown() ? null : Boolean.FALSE;
    }
    return and(inNamespace(namespaces, "", end), selects(pods, labels(end.pod)));
  }

  private Boolean inNamespace(Map<?, ?> namespaces, String own, End end) {
    Object name = at(end.pod, "metadata", "namespace");
    if (namespaces == null) {
      return own.equals(name);
    }
    if (requirements(namespaces) == 0) {
      return true;
    }
    for (Map<String, Object> namespace : ofKind("Namespace")) {
      if (at(namespace, "metadata", "name").equals(name)) {
        var labels = new HashMap<Object, Object>(labels(namespace));
        labels.put(NAME, name);
        return selects(namespaces, labels);
      }
    }
    return ofUndeclared(namespaces, name);
  }

  /** Only its name is known: no other label may matter for there to be an answer. */
  private static Boolean ofUndeclared(Map<?, ?> namespaces, Object name) {
    Boolean all = true;
    Map<?, ?> exact = (Map<?, ?>) namespaces.get("matchLabels");
    for (Map.Entry<?, ?> label : exact == null ? Set.<Map.Entry<?, ?>>of() : exact.entrySet()) {
      all = and(all, label.getKey().equals(NAME) ? label.getValue().equals(name) : null);
    }
    for (Object each : list(namespaces.get("matchExpressions"))) {
      boolean known = ((Map<?, ?>) each).get("key").equals(NAME);
      Map<?, ?> alone = Map.of("matchExpressions", List.of(each));
      all = and(all, known ? (Boolean) selects(alone, Map.of(NAME, name)) : null);
    }
    return all;
  }

  private static int requirements(Map<?, ?> selector) {
    Map<?, ?> labels = (Map<?, ?>) selector.get("matchLabels");
    return (labels == null ? 0 : labels.size()) + list(selector.get("matchExpressions")).size();
  }

  private Boolean block(Map<?, ?> block, End end) {
    String cidr = (String) block.get("cidr");
    if (cidr.endsWith("/40")) {
      return false;
    }
    for (Object hole : list(block.get("except"))) {
      String text = (String) hole;
      if (prefix(text) <= prefix(cidr) || !inside(cidr, text.split("/", -1)[0])) {
        return false;
      }
    }
    if (end.isPod() && podsInBlocks.equals("IGNORE")) {
      return false;
    }
    boolean leftOpen = end.isPod() && podsInBlocks.equals("UNDECIDABLE");
    Boolean inside =
        addresses.holds(
            end.address,
            address ->
                inside(cidr, address)
                    && list(block.get("except")).stream()
                        .noneMatch(hole -> inside((String) hole, address)));
    return and(inside, leftOpen || end.standing == Standing.UNKNOWN ? null : Boolean.TRUE);
  }

  /** Whether an end is in one of several networks. */
  Boolean inNetworks(List<?> cidrs, End end) {
    Boolean inside =
        addresses.holds(
            end.address,
            address -> cidrs.stream().anyMatch(cidr -> inside((String) cidr, address)));
    return and(inside, end.standing == Standing.UNKNOWN ? null : Boolean.TRUE);
  }

  private static int prefix(String cidr) {
    return Integer.parseInt(cidr.split("/", -1)[1]);
  }

  static boolean inside(String cidr, String address) {
    try {
      byte[] net = InetAddress.getByName(cidr.split("/", -1)[0]).getAddress();
      byte[] ip = InetAddress.getByName(address).getAddress();
      int free = net.length * 8 - prefix(cidr);
      return net.length == ip.length
          && new BigInteger(1, net).shiftRight(free).equals(new BigInteger(1, ip).shiftRight(free));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Boolean port(Map<?, ?> rule, End target, String protocol, int port) {
    Object wanted = Objects.requireNonNullElse(rule.get("protocol"), "TCP");
    Object number = rule.get("port");
    Object end = rule.get("endPort");
    if (!wanted.equals(protocol)) {
      return false;
    }
    if (number instanceof Integer first) {
      int last = end == null ? first : (Integer) end;
      return first <= last && first <= port && port <= last;
    }
    if (end != null) {
      return false;
    }
    return number == null ? Boolean.TRUE : named((String) number, target, protocol, port);
  }

  static Boolean named(String name, End target, String protocol, int port) {
    if (!target.isPod()) {
      return target.isUnknown() ? null : Boolean.FALSE;
    }
    Map<?, ?> spec = (Map<?, ?>) target.pod.get("spec");
    var containers = new ArrayList<Object>(list(spec.get("containers")));
    for (Object init : list(spec.get("initContainers"))) {
      if (((Map<?, ?>) init).get("restartPolicy").equals("Always")) {
        containers.add(init);
      }
    }
    for (Object container : containers) {
      for (Object each : list(((Map<?, ?>) container).get("ports"))) {
        if (each.equals(Map.of("name", name, "containerPort", port, "protocol", protocol))) {
          return true;
        }
      }
    }
    return false;
  }

  static boolean valid(Map<?, ?> selector) {
    for (Object each : selector == null ? List.of() : list(selector.get("matchExpressions"))) {
      Map<?, ?> expression = (Map<?, ?>) each;
      boolean takesValues = expression.get("operator").toString().endsWith("In");
      if (takesValues == list(expression.get("values")).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static boolean selects(Map<?, ?> selector, Map<?, ?> labels) {
    if (selector == null) {
      return true;
    }
    Map<?, ?> exact = (Map<?, ?>) selector.get("matchLabels");
    boolean all = exact == null || labels.entrySet().containsAll(exact.entrySet());
    for (Object each : list(selector.get("matchExpressions"))) {
      Map<?, ?> expression = (Map<?, ?>) each;
      Object value = labels.get(expression.get("key"));
      List<?> values = list(expression.get("values"));
      all &=
          switch ((String) expression.get("operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            default -> value == null;
          };
    }
    return all;
  }

  private static Map<?, ?> labels(Map<String, Object> object) {
    return (Map<?, ?>) at(object, "metadata", "labels");
  }

  private List<Map<String, Object>> ofKind(String kind) {
    return objects.stream().filter(object -> object.get("kind").equals(kind)).toList();
  }

  static Object at(Map<String, Object> object, String first, String second) {
    return ((Map<?, ?>) object.get(first)).get(second);
  }

  static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  static Boolean or(Boolean one, Boolean other) {
    if (Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other)) {
      return true;
    }
    return (one == null || other == null) ? null : Boolean.FALSE;
  }

  static Boolean and(Boolean one, Boolean other) {
    if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
      return false;
    }
    return (one == null || other == null) ? null : Boolean.TRUE;
  }
}
