// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static dev.serviceidentity.k8s.policy.LabelSelector.Operator.IN;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.LabelSelector.Requirement;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which objects of a kind are looked at.
 *
 * @param kind the kind
 * @param namespace where they are; empty for the whole cluster
 * @param selectors parameters that narrow lists and watches at the server
 * @param atHand whether lists are what the server has at hand. It may be a little old, as what a
 *     watch tells is; else the server reads all objects of the kind for each list, however few are
 *     selected
 */
record Resource(LiveKind kind, String namespace, Map<String, String> selectors, boolean atHand) {
  /** A page of 500 usual pods is some megabytes. */
  private static final int PAGE = 500;

  /**
   * Pods may have a megabyte each; whoever makes large ones must not take the memory of all who
   * look at them.
   */
  private static final int LARGEST_PAGE = 8 << 20;

  /** More than etcd takes, in whatever way it is written. */
  private static final int LARGEST_OBJECT = 16 << 20;

  private static final int SMALLER = 4;

  static Resource of(LiveKind kind) {
    return new Resource(kind, "", Map.of(), false);
  }

  Resource in(String where) {
    return new Resource(kind, where, selectors, atHand);
  }

  /** Those whose labels a selector chooses, at the server. */
  Resource labelled(LabelSelector selector) {
    return selector.isEmpty()
        ? this
        : new Resource(kind, namespace, Map.of("labelSelector", selector.toString()), atHand);
  }

  /** Those of which a field has a value, which the server selects. */
  Resource where(String field, String value) {
    return new Resource(kind, namespace, Map.of("fieldSelector", field + "=" + value), atHand);
  }

  /** The same, listed as the server has it at hand. */
  Resource fromMemory() {
    return new Resource(kind, namespace, selectors, true);
  }

  /** Those that have all of some labels, which the server selects. */
  Resource labelled(Map<String, String> labels) {
    return labelled(
        new LabelSelector(
            labels.entrySet().stream()
                .map(each -> new Requirement(each.getKey(), IN, Set.of(each.getValue())))
                .toList()));
  }

  private String path() {
    String root = kind.root();
    return (namespace.isEmpty() ? root : root + "/namespaces/" + namespace) + "/" + kind.plural();
  }

  /**
   * Hands on all of them, page by page.
   *
   * @return at which version they all are
   */
  String list(ApiServer api, Consumer<Map<String, Object>> items)
      throws ApiFault, InterruptedException {
    var page = new Json.Page("", "");
    int limit = PAGE;
    do {
      Optional<byte[]> body = api.get(page(limit, page.continued()), largest(limit));
      if (body.isPresent()) {
        page = Json.page(body.get(), items);
        limit = Math.min(PAGE, 2 * limit);
      } else if (atHand) {
        return new Resource(kind, namespace, selectors, false).list(api, items);
      } else if (limit == 1) {
        throw new ApiFault(0, "one of " + this + " is too large to be read");
      } else {
        limit = Math.max(1, limit / SMALLER);
      }
    } while (page.position().isEmpty() || !page.continued().isEmpty());
    return page.position();
  }

  private static int largest(int limit) {
    return limit == 1 ? LARGEST_OBJECT : LARGEST_PAGE;
  }

  /** The path of a page; the first one if there is nothing to continue. In memory is but one. */
  String page(int limit, String continued) {
    if (atHand) {
      return with(Map.of("resourceVersion", "0"));
    }
    return with(
        continued.isEmpty()
            ? Map.of("limit", Integer.toString(limit))
            : Map.of("limit", Integer.toString(limit), "continue", continued));
  }

  /** The path of a table of the first ones, without the objects themselves. */
  String table(int limit) {
    return with(Map.of("limit", Integer.toString(limit), "includeObject", "None"));
  }

  /** The path of a watch that the server ends after a while. */
  String watch(String position, Duration length) {
    return with(
        Map.of(
            "watch",
            "true",
            "allowWatchBookmarks",
            "true",
            "resourceVersion",
            position,
            "timeoutSeconds",
            Long.toString(length.toSeconds())));
  }

  private String with(Map<String, String> parameters) {
    var all = new TreeMap<>(parameters);
    all.putAll(selectors);
    return all.entrySet().stream()
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", path() + "?", ""));
  }

  /** What a right to them is granted on. */
  String rightName() {
    return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
  }

  /** What to say to somebody who lacks a right to them. */
  String missing(List<String> verbs) {
    return "this service may not "
        + String.join(" and ", verbs)
        + " "
        + rightName()
        + (namespace.isEmpty() ? "" : " in namespace " + namespace)
        + "; grant it";
  }

  /** Returns for example {@code networkpolicies.networking.k8s.io in namespace shop}. */
  @Override
  public String toString() {
    String narrowed =
        selectors.isEmpty()
            ? ""
            : selectors.values().stream().collect(Collectors.joining(", ", " (", ")"));
    return rightName() + (namespace.isEmpty() ? "" : " in namespace " + namespace) + narrowed;
  }
}
