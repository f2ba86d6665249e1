// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.OwnedPod.Owner;
import dev.serviceidentity.k8s.cluster.Registry.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who made whom, by the owner references of one load. Names are followed only as far as the
 * controllers of Kubernetes themselves give them, since workloads may be called anything.
 */
final class Lineage {
  private static final String REPLICA_SET = "ReplicaSet";
  private static final String JOB = "Job";
  private static final String TEMPLATE_HASH = "pod-template-hash";
  private static final Pattern OF_CRON_JOB = Pattern.compile("(.+)-[0-9]+");

  /** People know these by who made them; others keep their own name, whatever made them. */
  private static final Set<String> REVISIONS = Set.of(REPLICA_SET, JOB);

  private final Map<Key, OwnedPod> templates = new HashMap<>();

  /** An object by its namespace, kind and name. */
  record Key(String namespace, Owner owner) {
    static Key of(Entry<OwnedPod> entry) {
      ManifestObject object = entry.object();
      return new Key(object.namespace(), new Owner(object.kind(), object.subject().name()));
    }

    private Key sibling(Owner other) {
      return new Key(namespace, other);
    }
  }

  /**
   * A pod and those that made it, its workload last. In doubt another may have made it, which is
   * called alike.
   */
  record Descent(OwnedPod pod, List<Key> makers, boolean inDoubt) {
    Key workload() {
      return makers.isEmpty() ? keyOf(pod) : makers.get(makers.size() - 1);
    }
  }

  Lineage(Collection<Entry<OwnedPod>> templates) {
    templates.forEach(entry -> this.templates.put(Key.of(entry), entry.value()));
  }

  private static Key keyOf(OwnedPod pod) {
    return new Key(pod.facts().namespace(), new Owner("Pod", pod.facts().pod().name()));
  }

  Descent of(OwnedPod pod) {
    Key self = keyOf(pod);
    var makers = new ArrayList<Key>();
    boolean inDoubt = false;
    Optional<Key> maker = shown(self, pod).or(() -> owners(self, pod).findFirst());
    while (maker.isPresent() && !makers.contains(maker.get())) {
      Key key = maker.get();
      makers.add(key);
      maker = makerOf(key).or(() -> deploymentOf(key, pod));
      if (maker.isEmpty()) {
        maker = cronJobOf(key);
        inDoubt |= maker.isPresent();
      }
    }
    return new Descent(pod, makers, inDoubt);
  }

  /** The makers of a pod whose templates say what it is, so that it stands for them. */
  Stream<Key> representedBy(Descent descent) {
    return descent.inDoubt()
        ? Stream.empty()
        : descent.makers().stream()
            .filter(
                maker -> {
                  OwnedPod template = templates.get(maker);
                  return template != null && descent.pod().hasLabelsOf(template);
                });
  }

  /** What made a workload of the load: another, or the owner of which it is a revision. */
  Optional<Key> makerOf(Key workload) {
    OwnedPod template = templates.get(workload);
    if (template == null || !REVISIONS.contains(workload.owner().kind())) {
      return shownMakerOf(workload);
    }
    return shownMakerOf(workload).or(() -> owners(workload, template).findFirst());
  }

  private Optional<Key> shownMakerOf(Key workload) {
    OwnedPod template = templates.get(workload);
    return template == null ? Optional.empty() : shown(workload, template);
  }

  /** Whether no other workload of the load makes it; where they make each other, none does. */
  boolean isTop(Key workload) {
    var below = new HashSet<Key>();
    Key at = workload;
    while (below.add(at)) {
      Optional<Key> maker = shownMakerOf(at);
      if (maker.isEmpty()) {
        return at.equals(workload);
      }
      at = maker.get();
    }
    return at.equals(workload);
  }

  private Optional<Key> shown(Key made, OwnedPod record) {
    return owners(made, record).filter(templates::containsKey).findFirst();
  }

  /** In an order that does not depend on how they are written. */
  private static Stream<Key> owners(Key made, OwnedPod record) {
    return record.owners().stream()
        .filter(owner -> isWord(owner.kind()) && isWord(owner.name()))
        // The kubelet's own pods are owned by their node, which is no workload.
        .filter(owner -> !owner.kind().equals("Node"))
        .sorted(Comparator.comparing(Owner::kind).thenComparing(Owner::name))
        .map(made::sibling)
        .filter(owner -> !owner.equals(made));
  }

  /** With a slash it might be taken for another workload; no object is called so. */
  private static boolean isWord(String text) {
    return !text.isEmpty() && text.indexOf('/') < 0;
  }

  /** A ReplicaSet of a Deployment is named for it and for the hash that its pods carry. */
  private Optional<Key> deploymentOf(Key key, OwnedPod pod) {
    String suffix = "-" + pod.facts().labels().getOrDefault(TEMPLATE_HASH, "");
    String name = key.owner().name();
    boolean named = suffix.length() > 1 && name.endsWith(suffix) && name.length() > suffix.length();
    return named && isUnseen(key, REPLICA_SET)
        ? Optional.of(
            key.sibling(
                new Owner("Deployment", name.substring(0, name.length() - suffix.length()))))
        : Optional.empty();
  }

  /** A Job of a CronJob is named for it and for its minute; another may be called so as well. */
  private Optional<Key> cronJobOf(Key key) {
    Matcher name = OF_CRON_JOB.matcher(key.owner().name());
    return isUnseen(key, JOB) && name.matches()
        ? Optional.of(key.sibling(new Owner("CronJob", name.group(1))))
            .filter(templates::containsKey)
        : Optional.empty();
  }

  /** What the load shows says itself who made it. */
  private boolean isUnseen(Key key, String kind) {
    return key.owner().kind().equals(kind) && !templates.containsKey(key);
  }
}
