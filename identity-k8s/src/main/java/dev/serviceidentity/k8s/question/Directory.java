// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds whom a reference means in one cluster. Immutable and thread-safe.
 *
 * <pre>{@code
 * Directory directory = Directory.of(inventory, manifests.report());
 * Party party = directory.find(Reference.parse("shop/orders"));
 * }</pre>
 */
public final class Directory {
  private static final String POD = "Pod";
  private static final String DEFAULT_NAMESPACE = "default";

  private final Map<Reference, Party> pods = new HashMap<>();
  private final Map<Reference, Party> ofKind = new HashMap<>();
  private final Map<Reference, List<Inventory.Workload>> workloads = new HashMap<>();
  private final Ordinals ordinals = new Ordinals();
  private final Party external;
  private final LoadReport report;
  private final String where;

  private Directory(Inventory inventory, LoadReport report, String where) {
    this.report = report;
    this.where = where;
    this.external =
        new Party(
            Reference.EXTERNAL,
            "",
            members(new PublicAddresses(inventory).representatives()),
            true);
    inventory.workloads().forEach(this::add);
  }

  /**
   * A directory of all that a cluster holds.
   *
   * @param inventory all that is known to be there
   * @param report what of it could not be read
   * @return the directory
   */
  public static Directory of(Inventory inventory, LoadReport report) {
    return of(inventory, report, "the manifests");
  }

  /**
   * A directory of all that a cluster holds.
   *
   * @param inventory all that is known to be there
   * @param report what of it could not be read
   * @param where what to call all of it, such as {@code the cluster}
   * @return the directory
   */
  public static Directory of(Inventory inventory, LoadReport report, String where) {
    return new Directory(inventory, report, where);
  }

  private void add(Inventory.Workload workload) {
    var names = workload.pods();
    Party party = party(names.displayName(), workload);
    if (!names.kind().equals(POD)) {
      workloads
          .computeIfAbsent(
              new Reference.Named(names.namespace(), names.name()), k -> new ArrayList<>())
          .add(workload);
      ofKind.put(ofKind(names.namespace(), names.kind(), names.name()), party);
    }
    List<String> templates =
        workload.groups().stream()
            .filter(Inventory.Group::template)
            .flatMap(group -> group.pods().stream())
            .toList();
    if (templates.equals(names.pods())) {
      ordinals.add(workload);
    }
    names.pods().stream()
        .filter(pod -> !templates.contains(pod))
        .forEach(pod -> addPod(names.namespace(), pod, workload));
  }

  private void addPod(String namespace, String pod, Inventory.Workload workload) {
    Party.Member member =
        workload.groups().stream()
            .filter(group -> group.pods().contains(pod))
            .findFirst()
            .map(group -> new Party.Member(List.of(FlowEnd.pod(namespace, pod)), group.families()))
            .orElseGet(() -> new Party.Member(List.of(FlowEnd.pod(namespace, pod)), Set.of()));
    Party party = new Party(namespace + "/" + pod, namespace, List.of(member));
    pods.put(new Reference.Named(namespace, pod), party);
    ofKind.put(ofKind(namespace, POD, pod), party);
  }

  /** Kinds are told apart without regard to letter case. */
  private static Reference.OfKind ofKind(String namespace, String kind, String name) {
    return new Reference.OfKind(namespace, kind.toLowerCase(Locale.ROOT), name);
  }

  /**
   * The pods of a workload; those that have ended only where there are no others.
   *
   * @param label what to call it
   * @param workload the workload
   * @return the party
   */
  public static Party party(String label, Inventory.Workload workload) {
    String namespace = workload.pods().namespace();
    List<Party.Member> members =
        workload.groups().stream()
            .map(
                group ->
                    new Party.Member(
                        group.pods().stream().map(pod -> FlowEnd.pod(namespace, pod)).toList(),
                        group.families()))
            .toList();
    FlowEnd any = FlowEnd.pod(namespace, workload.pods().pods().get(0));
    if (workload.groups().stream().anyMatch(Inventory.Group::template)) {
      return new Party(label, namespace, members, true);
    }
    return new Party(
        label,
        namespace,
        members.isEmpty() ? List.of(new Party.Member(List.of(any), Set.of())) : members);
  }

  /**
   * The world outside: public addresses, one for each way in which the policies see them.
   *
   * @return the party of the reference {@code external}
   */
  public Party external() {
    return external;
  }

  private static List<Party.Member> members(List<IpAddress> addresses) {
    return addresses.stream()
        .map(
            address ->
                new Party.Member(
                    List.of(FlowEnd.of(address.toInetAddress())), Set.of(address.family())))
        .toList();
  }

  /**
   * Finds a party.
   *
   * @param reference whom a person means
   * @return who that is
   * @throws IllegalArgumentException if it is nobody, with whom there is, or may be several
   */
  public Party find(Reference reference) {
    if (reference instanceof Reference.External) {
      return external;
    }
    if (reference instanceof Reference.Address one) {
      return new Party(one.toString(), "", members(List.of(one.address())));
    }
    if (reference instanceof Reference.OfKind of) {
      Party known = ofKind.get(ofKind(of.namespace(), of.kind(), of.name()));
      return known == null
          ? ordinal(of).orElseGet(() -> unknown(of, of.namespace(), of.name()))
          : known;
    }
    return named((Reference.Named) reference);
  }

  private Party named(Reference.Named reference) {
    Party pod = pods.get(reference);
    List<Inventory.Workload> named = workloads.getOrDefault(reference, List.of());
    // A workload that is this pod and no other gets the same answers.
    boolean isPodApart =
        pod != null && !named.stream().allMatch(each -> isOnlyPod(each, reference.name()));
    if (named.size() > 1 || isPodApart) {
      throw new IllegalArgumentException(
          reference + " may be any of " + kinds(named, pod == null ? null : reference));
    }
    if (pod != null) {
      return pod;
    }
    if (!named.isEmpty()) {
      return party(reference.toString(), named.get(0));
    }
    return ordinal(reference)
        .orElseGet(() -> unknown(reference, reference.namespace(), reference.name()));
  }

  /** A pod of a StatefulSet of which only the template is known. */
  private Optional<Party> ordinal(Reference reference) {
    if (reference instanceof Reference.Named pod) {
      return ordinals.find(pod.namespace(), pod.name());
    }
    return reference instanceof Reference.OfKind of && of.kind().equalsIgnoreCase(POD)
        ? ordinals.find(of.namespace(), of.name())
        : Optional.empty();
  }

  /** Whether both ends mean one and the same pod, of which only the template is known. */
  boolean isSamePodOfTemplate(Question question) {
    Party to = find(question.to());
    return ordinal(question.from())
        .filter(find(question.from())::equals)
        .filter(to::equals)
        .isPresent();
  }

  private static boolean isOnlyPod(Inventory.Workload workload, String pod) {
    return workload.pods().pods().equals(List.of(pod));
  }

  private static String kinds(List<Inventory.Workload> named, Reference.@Nullable Named pod) {
    Stream<String> ofWorkloads =
        named.stream()
            .map(Inventory.Workload::pods)
            .map(each -> each.namespace() + "/" + each.kind() + "/" + each.name());
    Stream<String> ofPod =
        Stream.ofNullable(pod).map(each -> each.namespace() + "/" + POD + "/" + each.name());
    return Stream.concat(ofWorkloads, ofPod).sorted().collect(Collectors.joining(", "));
  }

  /** What the report says is lost is there, so that whatever is asked about it has no answer. */
  private Party unknown(Reference reference, String namespace, String name) {
    if (lossOf(namespace, name).isPresent()) {
      var member = new Party.Member(List.of(FlowEnd.pod(namespace, name)), Set.of());
      return new Party(reference.toString(), namespace, List.of(member));
    }
    throw new IllegalArgumentException(
        service(namespace, name)
            .map(Directory::noPod)
            .orElseGet(() -> nobody(reference, namespace, name)));
  }

  private String nobody(Reference reference, String namespace, String name) {
    Set<String> all = new HashSet<>();
    pods.values().forEach(party -> all.add(party.label()));
    workloads.keySet().forEach(each -> all.add(each.toString()));
    return "no pod or workload "
        + reference
        + " is in "
        + where
        + new KnownNames(all).insteadOf(namespace, name);
  }

  private static String noPod(Finding service) {
    return "%s/%s is a %s (%s): %s; name one of them"
        .formatted(
            service.subject().namespace().isEmpty()
                ? DEFAULT_NAMESPACE
                : service.subject().namespace(),
            service.subject().name(),
            service.subject().kind(),
            service.place(),
            service.message());
  }

  private Optional<Finding> service(String namespace, String name) {
    return report.of(Severity.NOTE).stream()
        .filter(finding -> finding.subject().kind().equals("Service"))
        .filter(finding -> isOf(finding.subject(), namespace, name))
        .findFirst();
  }

  /**
   * What the report says about an end that is asked for and that nobody is known to be: the first
   * error of an object of that name, or else of a document that may hold it.
   */
  Optional<Finding> lossOf(Reference reference) {
    if (reference instanceof Reference.OfKind of
        && !ofKind.containsKey(ofKind(of.namespace(), of.kind(), of.name()))) {
      return lossOf(of.namespace(), of.name());
    }
    return reference instanceof Reference.Named of
            && !pods.containsKey(of)
            && !workloads.containsKey(of)
        ? lossOf(of.namespace(), of.name())
        : Optional.empty();
  }

  private Optional<Finding> lossOf(String namespace, String name) {
    List<Finding> errors = report.of(Severity.ERROR);
    return errors.stream()
        .filter(finding -> isOf(finding.subject(), namespace, name))
        .findFirst()
        .or(() -> errors.stream().filter(f -> f.subject().kind().isEmpty()).findFirst());
  }

  private static boolean isOf(Subject subject, String namespace, String name) {
    String place = subject.namespace().isEmpty() ? DEFAULT_NAMESPACE : subject.namespace();
    return place.equals(namespace) && subject.name().equals(name);
  }
}
