// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.PrincipalTemplate.Bound;
import dev.serviceidentity.k8s.cluster.AccountClaim;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** The rules of a binding, with what the ServiceAccounts of one view claim. */
final class BoundPrincipals {
  /** More callers than most services have; beyond, all names are read again. */
  private static final int MOST = 1024;

  private final WorkloadBinding binding;
  private final Map<PrincipalId, ServiceAccountName> claimed = new HashMap<>();
  private final Map<String, Set<String>> contested = new TreeMap<>();

  /** What was asked before, since each request asks for its caller twice; nothing here changes. */
  private final ConcurrentMap<PrincipalId, Optional<Bound>> asked = new ConcurrentHashMap<>();

  BoundPrincipals(WorkloadBinding binding, List<AccountClaim> claims) {
    this.binding = binding;
    var claimants = new HashMap<PrincipalId, Set<ServiceAccountName>>();
    for (AccountClaim claim : claims) {
      if (binding.hearsAnnotationsOf(claim.account().namespace())
          && binding.hasListedDomain(claim.principal())) {
        claimants.computeIfAbsent(claim.principal(), this::byTemplate).add(claim.account());
        if (claim.believed()) {
          claimed.put(claim.principal(), claim.account());
        }
      }
    }
    claimants.forEach(this::settle);
  }

  private Set<ServiceAccountName> byTemplate(PrincipalId principal) {
    var accounts = new HashSet<ServiceAccountName>();
    binding.byTemplate(principal).map(Bound::account).ifPresent(accounts::add);
    return accounts;
  }

  private void settle(PrincipalId principal, Set<ServiceAccountName> accounts) {
    boolean believed = claimed.containsKey(principal) || !byTemplate(principal).isEmpty();
    boolean settled = accounts.size() == 1 && believed;
    if (!settled && binding.explicitly(principal).isEmpty()) {
      var names = new TreeSet<String>();
      accounts.forEach(account -> names.add(account.toString()));
      contested.put(principal.toString(), names);
    }
  }

  /** The names that nobody has because several claim them, or one not credibly, with who does. */
  List<String> troubles() {
    return contested.entrySet().stream()
        .map(each -> each.getKey() + " is claimed by " + each.getValue() + "; nobody has it")
        .toList();
  }

  /** Whether any principal at all can stand for a service account. */
  boolean canName(ServiceAccountName account) {
    return binding.canName(account)
        || claimed.entrySet().stream()
            .anyMatch(
                each ->
                    each.getValue().equals(account)
                        && !contested.containsKey(each.getKey().toString()));
  }

  /** The names by which callers that run as a service account are known, in their order. */
  List<PrincipalId> namesOf(ServiceAccountName account, List<String> pods) {
    return Stream.concat(binding.namesOf(account, pods), claimed.keySet().stream())
        .filter(name -> find(name).map(Bound::account).filter(account::equals).isPresent())
        .distinct()
        .sorted(Comparator.comparing(PrincipalId::toString))
        .toList();
  }

  Optional<Bound> of(PrincipalId principal) {
    Optional<Bound> known = asked.get(principal);
    if (known != null) {
      return known;
    }
    Optional<Bound> found = find(principal);
    if (asked.size() >= MOST) {
      asked.clear();
    }
    asked.put(principal, found);
    return found;
  }

  private Optional<Bound> find(PrincipalId principal) {
    Optional<ServiceAccountName> explicit = binding.explicitly(principal);
    if (explicit.isPresent()) {
      return explicit.map(account -> new Bound(account, Optional.empty()));
    }
    if (contested.containsKey(principal.toString())) {
      return Optional.empty();
    }
    ServiceAccountName claim = claimed.get(principal);
    Optional<Bound> byTemplate = binding.byTemplate(principal);
    return byTemplate.isPresent() || claim == null
        ? byTemplate
        : Optional.of(new Bound(claim, Optional.empty()));
  }
}
