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
import java.util.function.Predicate;

/**
 * Decides flows a second time, straight from the objects and the statements of the semantics, as
 * plainly as can be. Shares nothing with the engine. A null is "not known".
 */
final class NaiveEvaluator {
  private static final String NAME = "kubernetes.io/metadata.name";
  private static final String SOME_V4 = "?.";
  private static final String SOME_V6 = "?:";

  /** Some address in each range between two borders of any block that a random cluster has. */
  private static final List<String> SAMPLES =
      List.of(
          ("0.0.0.0 9.9.9.9 10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7"
                  + " 10.0.0.8 10.0.0.255 10.0.1.0 172.16.0.0 172.16.0.1 172.16.0.2 172.17.0.0"
                  + " 192.0.2.1 :: 2001:db8:: 2001:db8::1 2001:db8::2 2001:db8::3 2001:db8::4"
                  + " 2001:db8::7 2001:db8::8 2001:db9::1")
              .split(" ", -1));

  private final List<Map<String, Object>> objects;
  private final List<String> podNetworks;
  private final NaiveTiers tiers;

  /** Without pod networks a pod without an address may have any. */
  NaiveEvaluator(List<Map<String, Object>> objects, List<String> podNetworks) {
    this.objects = objects;
    this.podNetworks = podNetworks;
    this.tiers = new NaiveTiers(this, objects);
  }

  /** One address of one pod (or of nobody known, if the pod is null). */
  record End(Map<String, Object> pod, String address) {}

  String verdict(
      String from, String to, String protocol, int port, boolean ingress, boolean egress) {
    var verdicts = new HashSet<String>();
    for (End source : ends(from)) {
      for (End target : ends(to)) {
        if (source.address.contains(":") == target.address.contains(":")) {
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

  private List<String> samples(String some) {
    return SAMPLES.stream()
        .filter(each -> each.contains(":") == some.contains(":"))
        .filter(
            each ->
                podNetworks.isEmpty() || podNetworks.stream().anyMatch(net -> inside(net, each)))
        .toList();
  }

  /** Whether a condition holds of an address, or of all that it may be. */
  Boolean holds(String address, Predicate<String> condition) {
    if (!address.startsWith("?")) {
      return condition.test(address);
    }
    List<String> samples = samples(address);
    long many = samples.stream().filter(condition).count();
    return many == 0 || many == samples.size() ? Boolean.valueOf(many > 0) : null;
  }

  private static String word(Boolean value) {
    if (value == null) {
      return "UNDECIDABLE";
    }
    return value ? "ALLOWED" : "DENIED";
  }

  private List<End> ends(String text) {
    var ends = new ArrayList<End>();
    for (Map<String, Object> pod : ofKind("Pod")) {
      if (at(pod, "status", "phase").equals("Succeeded")) {
        continue;
      }
      String name = at(pod, "metadata", "namespace") + "/" + at(pod, "metadata", "name");
      List<?> addresses = (List<?>) at(pod, "status", "podIPs");
      if (addresses.isEmpty() && text.equals(name)) {
        for (String some : List.of(SOME_V4, SOME_V6)) {
          if (!samples(some).isEmpty()) {
            ends.add(new End(pod, some));
          }
        }
      }
      for (Object ip : addresses) {
        String address = (String) ((Map<?, ?>) ip).get("ip");
        boolean byAddress = text.equals(address) && !isHost(pod);
        if (byAddress || text.equals(name)) {
          ends.add(new End(pod, address));
        }
      }
    }
    if (ends.isEmpty() && !text.contains("/")) {
      ends.add(new End(null, text));
    }
    return ends;
  }

  private Boolean side(End own, End peer, End target, String protocol, int port, String direction) {
    if (own.pod == null || isHost(own.pod)) {
      return true;
    }
    if (own.pod == peer.pod) {
      return true;
    }
    if (tiers.anyUnreadable()) {
      return null;
    }
    var asked = new NaiveTiers.Asked(own, peer, target, protocol, port, direction);
    Boolean sameNode = sameNode(own, peer);
    Set<Boolean> ownNode = tiers.decideOwnNode(asked);
    Set<Boolean> other = tiers.decide(asked, networkPolicies(asked));
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

  /** Whether the peer is the node of the pod, or on its network. */
  private Boolean sameNode(End own, End peer) {
    String nodeOfPeer = null;
    boolean isNode = false;
    for (Map<String, Object> node : ofKind("Node")) {
      Map<?, ?> address = (Map<?, ?>) ((List<?>) at(node, "status", "addresses")).get(0);
      if (address.get("address").equals(peer.address)) {
        isNode = true;
        nodeOfPeer = (String) at(node, "metadata", "name");
      }
    }
    for (Map<String, Object> pod : ofKind("Pod")) {
      boolean ended = at(pod, "status", "phase").equals("Succeeded");
      for (Object ip : (List<?>) at(pod, "status", "podIPs")) {
        if (isHost(pod) && !ended && peer.address.equals(((Map<?, ?>) ip).get("ip"))) {
          isNode = true;
        }
      }
    }
    if (!isNode) {
      return false;
    }
    Object mine = at(own.pod, "spec", "nodeName");
    if (mine.equals("") || nodeOfPeer == null) {
      return null;
    }
    return mine.equals(nodeOfPeer);
  }

  private Boolean rule(Map<?, ?> rule, String namespace, NaiveTiers.Asked asked) {
    List<?> peers = list(rule.containsKey("from") ? rule.get("from") : rule.get("to"));
    Boolean peerMatches = peers.isEmpty();
    for (Object each : peers) {
      peerMatches = or(peerMatches, peer((Map<?, ?>) each, namespace, asked.peer()));
    }
    List<?> ports = list(rule.get("ports"));
    boolean portMatches = ports.isEmpty();
    for (Object each : ports) {
      portMatches |= port((Map<?, ?>) each, asked.target(), asked.protocol(), asked.port());
    }
    return and(peerMatches, portMatches);
  }

  private Boolean peer(Map<?, ?> peer, String namespace, End end) {
    Map<?, ?> block = (Map<?, ?>) peer.get("ipBlock");
    Map<?, ?> pods = (Map<?, ?>) peer.get("podSelector");
    Map<?, ?> namespaces = (Map<?, ?>) peer.get("namespaceSelector");
    if (block != null) {
      boolean alone = pods == null && namespaces == null;
      return and(alone, holds(end.address, address -> inBlock(block, address)));
    }
    boolean selectable = end.pod != null && !isHost(end.pod);
    if (!selectable || (pods == null && namespaces == null) || !valid(pods) || !valid(namespaces)) {
      return false;
    }
    Boolean inNamespace = inNamespace(namespaces, namespace, end);
    return and(inNamespace, pods == null || selects(pods, labels(end.pod)));
  }

  /** Whether selectors of which none is the policy's own namespace choose an end. */
  Boolean chosen(Map<?, ?> namespaces, Map<?, ?> pods, End end) {
    if (end.pod == null || isHost(end.pod)) {
      return false;
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

  private static boolean inBlock(Map<?, ?> block, String address) {
    String cidr = (String) block.get("cidr");
    if (cidr.endsWith("/40")) {
      return false;
    }
    for (Object hole : list(block.get("except"))) {
      String text = (String) hole;
      boolean smaller = prefix(text) > prefix(cidr) && inside(cidr, text.split("/", -1)[0]);
      if (!smaller || inside(text, address)) {
        return false;
      }
    }
    return inside(cidr, address);
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

  private static boolean port(Map<?, ?> rule, End target, String protocol, int port) {
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
    return number == null || named((String) number, target, protocol, port);
  }

  static boolean named(String name, End target, String protocol, int port) {
    if (target.pod == null || isHost(target.pod)) {
      return false;
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

  private static boolean isHost(Map<String, Object> pod) {
    return at(pod, "spec", "hostNetwork").equals(true);
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
