// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds whom a reference means in one cluster. Immutable and thread-safe.
 *
 * <pre>{@code
 * Directory directory = Directory.of(inventory, manifests.report());
 * Party party = directory.find(Reference.parse("shop/orders"));
 * }</pre>
 */
public final class Directory {
  private static final int MOST_NAMES = 8;
  private static final String POD = "Pod";
  private static final String DEFAULT_NAMESPACE = "default";

  private final Map<Reference, Party> pods = new HashMap<>();
  private final Map<Reference, Party> ofKind = new HashMap<>();
  private final Map<Reference, List<Inventory.Workload>> workloads = new HashMap<>();
  private final Ordinals ordinals = new Ordinals();
  private final Party external;
  private final LoadReport report;

  private Directory(Inventory inventory, LoadReport report) {
    this.report = report;
    this.external = addresses(Reference.EXTERNAL, new PublicAddresses(inventory).representatives());
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
    return new Directory(inventory, report);
  }

  private void add(Inventory.Workload workload) {
    var names = workload.pods();
    Party party = party(names.displayName(), workload);
    if (!names.kind().equals(POD)) {
      workloads
          .computeIfAbsent(
              new Reference.Named(names.namespace(), names.name()), k -> new ArrayList<>())
          .add(workload);
      ofKind.put(new Reference.OfKind(names.namespace(), names.kind(), names.name()), party);
    }
    if (isTemplate(workload)) {
      ordinals.add(workload);
    } else {
      names.pods().forEach(pod -> addPod(names.namespace(), pod, workload));
    }
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
    ofKind.put(new Reference.OfKind(namespace, POD, pod), party);
  }

  /** Whether a workload has no pod of its own, and its template stands for all that it may have. */
  private static boolean isTemplate(Inventory.Workload workload) {
    var names = workload.pods();
    return !names.kind().equals(POD)
        && (names.pods().equals(List.of(names.name()))
            || names.pods().equals(List.of(names.kind() + "/" + names.name())));
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
    if (isTemplate(workload)) {
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

  private static Party addresses(String label, List<IpAddress> addresses) {
    return new Party(
        label,
        "",
        addresses.stream()
            .map(
                address ->
                    new Party.Member(
                        List.of(FlowEnd.of(AddressRange.address(address))),
                        Set.of(address.family())))
            .toList());
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
      return addresses(one.toString(), List.of(one.address()));
    }
    Party known = pods.getOrDefault(reference, ofKind.get(reference));
    if (known != null) {
      return known;
    }
    List<Inventory.Workload> named = workloads.getOrDefault(reference, List.of());
    if (named.size() == 1) {
      return party(reference.toString(), named.get(0));
    }
    if (!named.isEmpty()) {
      throw new IllegalArgumentException(reference + " may be any of " + kinds(named));
    }
    return ordinal(reference).orElseGet(() -> unknown(reference));
  }

  /** A pod of a StatefulSet of which only the template is known. */
  private Optional<Party> ordinal(Reference reference) {
    if (reference instanceof Reference.Named pod) {
      return ordinals.find(pod.namespace(), pod.name());
    }
    return reference instanceof Reference.OfKind of && of.kind().equals(POD)
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

  private static String kinds(List<Inventory.Workload> named) {
    return named.stream()
        .map(Inventory.Workload::pods)
        .map(each -> each.namespace() + "/" + each.kind() + "/" + each.name())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** What the report says is lost is there, so that whatever is asked about it has no answer. */
  private Party unknown(Reference reference) {
    String namespace;
    String name;
    if (reference instanceof Reference.OfKind kind) {
      namespace = kind.namespace();
      name = kind.name();
    } else {
      namespace = ((Reference.Named) reference).namespace();
      name = ((Reference.Named) reference).name();
    }
    if (report.of(Severity.ERROR).stream().anyMatch(f -> mayBe(f.subject(), namespace, name))) {
      FlowEnd lost = FlowEnd.pod(namespace, name);
      var member = new Party.Member(List.of(lost), Set.of());
      return new Party(reference.toString(), namespace, List.of(member));
    }
    throw new IllegalArgumentException(
        "no pod or workload " + reference + " is in the manifests; " + names(namespace));
  }

  private static boolean mayBe(Subject subject, String namespace, String name) {
    String place = subject.namespace().isEmpty() ? DEFAULT_NAMESPACE : subject.namespace();
    return subject.kind().isEmpty() || (place.equals(namespace) && subject.name().equals(name));
  }

  private String names(String namespace) {
    Set<String> all = new HashSet<>();
    pods.values().forEach(party -> all.add(party.label()));
    workloads.keySet().forEach(reference -> all.add(reference.toString()));
    List<String> near =
        all.stream().filter(name -> name.startsWith(namespace + "/")).sorted().toList();
    if (near.isEmpty()) {
      return "they show nothing in the namespace '" + namespace + "'";
    }
    String more = near.size() > MOST_NAMES ? ", …" : "";
    return "there are " + near.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")) + more;
  }
}
