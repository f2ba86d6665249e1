// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.VisibleCluster;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Directory;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.k8s.question.PolicyQuestions;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who may call a service now: for each service account that a pod runs as, whether the service
 * allows its names, and whether the network policies let its connections through. Where the two
 * differ, a call will fail that somebody meant to work, or a policy is wider than it need be.
 *
 * <pre>{@code
 * EffectiveRights rights = EffectiveRights.of(network, clock);
 * for (CallerRight right : rights.callersAt(Door.of(self, PortNumber.parse("8443"), allowed))) {
 *   if (right.access().differs()) {
 *     show(right.account(), right.access(), right.byName().why(), right.byNetwork().why().get());
 *   }
 * }
 * }</pre>
 *
 * <p>Answers come from memory. Whom there is to ask about is what the view showed when this was
 * made; what is answered is what the guard would decide at the moment of asking. A live view that
 * does not watch the whole cluster shows all pods that the policies admit, and of the others those
 * that have called: {@link #unseen} then says so.
 */
public final class EffectiveRights {
  private final VisibleCluster network;
  private final Clock clock;
  private final ViewStamp stamp;
  private final List<String> unseen;
  private final Map<ServiceAccountName, Inventory.Workload> accounts;
  private final PolicyQuestions questions;

  private EffectiveRights(VisibleCluster network, Clock clock) {
    this.network = network;
    this.clock = clock;
    this.stamp = network.stamp();
    ClusterFacts facts = network.facts();
    this.unseen = facts.gaps().owners().stream().map(UnknownOwner::what).distinct().toList();
    Inventory inventory = Inventory.ofAccounts(facts);
    this.accounts = new LinkedHashMap<>();
    inventory.workloads().stream()
        .filter(each -> !each.groups().isEmpty())
        .forEach(each -> accounts.put(accountOf(each), each));
    this.questions =
        new PolicyQuestions(network, Directory.of(inventory, network.loadReport(), "the view"));
  }

  /**
   * Looks at a view.
   *
   * @param network an open view, with the binding of the service that it is asked about
   * @param clock the time at which callers are supposed to call
   * @return the rights of those whom it shows now
   */
  public static EffectiveRights of(VisibleCluster network, Clock clock) {
    return new EffectiveRights(network, clock);
  }

  private static ServiceAccountName accountOf(Inventory.Workload workload) {
    return new ServiceAccountName(workload.pods().namespace(), workload.pods().name());
  }

  /**
   * Which view it was.
   *
   * @return the stamp of the view when this was made
   */
  public ViewStamp stamp() {
    return stamp;
  }

  /**
   * Who there may be beside those whom the view shows.
   *
   * @return in words, such as {@code a pod that the manifests do not show}; empty if nobody
   */
  public List<String> unseen() {
    return unseen;
  }

  /**
   * Everybody's rights.
   *
   * @param door where they call
   * @return one for each service account that a pod or template runs as which is not the service
   *     itself, in the order of their names
   */
  public List<CallerRight> callersAt(Door door) {
    List<FlowEnd> service = onlyEnds(door.service());
    return accounts.entrySet().stream()
        .filter(each -> !service.containsAll(ends(each.getValue())))
        .map(each -> callerAt(each.getKey(), door))
        .toList();
  }

  private static List<FlowEnd> ends(Inventory.Workload workload) {
    return Directory.party(workload.pods().displayName(), workload).members().stream()
        .flatMap(member -> member.ends().stream())
        .toList();
  }

  /** None where a template stands for more than is shown: its pods may call each other. */
  private static List<FlowEnd> onlyEnds(Party service) {
    return service.standsForMany()
        ? List.of()
        : service.members().stream().flatMap(member -> member.ends().stream()).toList();
  }

  /**
   * One caller's right.
   *
   * @param account what the caller runs as
   * @param door where it calls
   * @return undecidable if no pod is known to run as that; a live view that does not watch the
   *     whole cluster begins to look for one, so that it may be known a moment later
   */
  public CallerRight callerAt(ServiceAccountName account, Door door) {
    Inventory.Workload known = accounts.get(account);
    return known == null
        ? new CallerRight(account, List.of(), byName(account, door), unknown(account, door))
        : new CallerRight(
            account, known.pods().pods(), byName(account, door), byNetwork(known, door));
  }

  /**
   * What the policies say to connections from the public addresses outside the cluster.
   *
   * @param door where they call
   * @return undecidable where they say different things to different addresses
   */
  public Answer outsideAt(Door door) {
    return questions.ask(
        questions.directory().external(), door.service(), door.port(), door.side());
  }

  private ByName byName(ServiceAccountName account, Door door) {
    Instant now = clock.instant();
    Map<Boolean, List<PrincipalId>> names =
        network.namesOf(account).stream()
            .filter(name -> door.verifies(name.mechanism()))
            .collect(
                Collectors.partitioningBy(
                    name -> door.allows(Caller.of(name, now, Instant.MAX), account)));
    return new ByName(names.getOrDefault(true, List.of()), names.getOrDefault(false, List.of()));
  }

  private Answer byNetwork(Inventory.Workload from, Door door) {
    Party callers = Directory.party(from.pods().displayName(), from);
    return questions.ask(others(callers, door.service()), door.service(), door.port(), door.side());
  }

  /** A pod always reaches itself, which says nothing about the others that run as it does. */
  private static Party others(Party callers, Party service) {
    List<FlowEnd> own = onlyEnds(service);
    List<Party.Member> others =
        callers.members().stream()
            .map(member -> new Party.Member(without(own, member.ends()), member.families()))
            .filter(member -> !member.ends().isEmpty())
            .toList();
    return others.isEmpty()
        ? callers
        : new Party(callers.label(), callers.namespace(), others, callers.standsForMany());
  }

  private static List<FlowEnd> without(List<FlowEnd> some, List<FlowEnd> all) {
    return all.stream().filter(end -> !some.contains(end)).toList();
  }

  private Answer unknown(ServiceAccountName account, Door door) {
    String looked =
        network.workloadsOf(account).isEmpty()
            ? "no pod is known to run as it"
            : "its pods have been seen only just now; ask again";
    return new Answer(
        Verdict.UNDECIDABLE,
        () ->
            new Explanation(
                account + " → " + door + " is undecidable: " + looked, List.of(), List.of()));
  }
}
