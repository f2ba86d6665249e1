// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.SliceFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One look at what stands behind a Service. A view of the whole cluster knows its pods and policies
 * already; any other asks for them now, and watches none of them.
 */
final class Survey {
  private static final String OF_SERVICE = "kubernetes.io/service-name";
  private static final int MOST_BY_NAME = 32;

  private final ApiServer api;
  private final LiveSettings settings;
  private final Sight sight;
  private final LiveObjects objects;
  private final List<Finding> findings = new ArrayList<>();
  private final List<UnreadPolicy> unread = new ArrayList<>();

  Survey(ApiServer api, LiveSettings settings, Sight sight) {
    this.api = api;
    this.settings = settings;
    this.sight = sight;
    this.objects = new LiveObjects(settings.loopback());
  }

  Backing look(String namespace, String name) throws ApiFault, InterruptedException {
    Resource named = Resource.of(LiveKind.SERVICE).in(namespace).where("metadata.name", name);
    Optional<ServiceFacts> service = list(named, objects::service).stream().findFirst();
    if (service.isEmpty()) {
      return new Backing(service, List.of(), sight.engine(), findings);
    }
    List<SliceFacts> slices = slices(service.get());
    PolicyEngine engine =
        settings.scope() instanceof LiveSettings.Scope.Lean lean
            ? engine(service.get(), podsOf(slices, namespace), lean.namespace())
            : sight.engine();
    return new Backing(service, slices, engine, findings);
  }

  private List<SliceFacts> slices(ServiceFacts service) throws ApiFault, InterruptedException {
    try {
      return list(slices(LiveKind.ENDPOINT_SLICE, service), objects::endpointSlice);
    } catch (ApiFault fault) {
      if (fault.isNotFound()) {
        return list(slices(LiveKind.EARLY_ENDPOINT_SLICE, service), objects::endpointSlice);
      }
      throw fault;
    }
  }

  private static Resource slices(LiveKind kind, ServiceFacts service) {
    return Resource.of(kind).in(service.namespace()).labelled(Map.of(OF_SERVICE, service.name()));
  }

  /** An engine that knows the pods behind the Service and the policies of its namespace as well. */
  private PolicyEngine engine(ServiceFacts service, Set<String> endpoints, String own)
      throws ApiFault, InterruptedException {
    String namespace = service.namespace();
    ClusterFacts known = sight.engine().facts();
    List<PodFacts> behind = pods(service, endpoints);
    boolean watched = namespace.equals(own);
    List<PolicyFacts> policies =
        watched
            ? List.of()
            : list(Resource.of(LiveKind.NETWORK_POLICY).in(namespace), objects::policy);
    Stream<UnreadPolicy> doubts =
        known.gaps().policies().stream()
            .filter(each -> watched || !namespace.equals(each.namespace()));
    var facts =
        new ClusterFacts(
            known.namespaces(),
            merged(known.pods(), behind),
            known.nodes(),
            new Policies(
                Stream.concat(known.policies().ofNamespaces().stream(), policies.stream()).toList(),
                known.policies().ofCluster()),
            new Gaps(
                Stream.concat(doubts, unread.stream()).toList(),
                known.gaps().owners(),
                known.gaps().unnamed()));
    return PolicyEngine.compile(facts, settings.assumptions());
  }

  private static Set<String> podsOf(List<SliceFacts> slices, String namespace) {
    return slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .map(SliceFacts.Endpoint::pod)
        .filter(pod -> pod.startsWith(namespace + "/"))
        .collect(Collectors.toSet());
  }

  /** Those that the Service selects, and a few that somebody else has put behind it. */
  private List<PodFacts> pods(ServiceFacts service, Set<String> endpoints)
      throws ApiFault, InterruptedException {
    Resource pods = Resource.of(LiveKind.POD).in(service.namespace());
    var found = new ArrayList<PodFacts>();
    if (!service.selector().isEmpty()) {
      found.addAll(list(pods.labelled(service.selector()), objects::pod));
    }
    var missing = new TreeSet<>(endpoints);
    found.forEach(pod -> missing.remove(pod.displayName()));
    for (String path : missing.stream().limit(MOST_BY_NAME).toList()) {
      String name = path.substring(path.indexOf('/') + 1);
      found.addAll(list(pods.where("metadata.name", name), objects::pod));
    }
    return found;
  }

  private static List<PodFacts> merged(List<PodFacts> known, List<PodFacts> newer) {
    var byName = new LinkedHashMap<String, PodFacts>();
    known.forEach(pod -> byName.put(pod.displayName(), pod));
    newer.forEach(pod -> byName.put(pod.displayName(), pod));
    return List.copyOf(byName.values());
  }

  private <F> List<F> list(Resource resource, Function<Map<String, Object>, LiveObject<F>> mapping)
      throws ApiFault, InterruptedException {
    var all = new ArrayList<F>();
    try {
      resource.list(
          api,
          json -> {
            LiveObject<F> object = mapping.apply(json);
            findings.addAll(object.doubts().findings());
            unread.addAll(object.doubts().policies());
            F facts = object.facts();
            if (facts != null) {
              all.add(facts);
            }
          });
    } catch (ApiFault fault) {
      throw fault.isForbidden()
          ? new ApiFault(ApiFault.FORBIDDEN, resource.missing(List.of("list")))
          : fault;
    }
    return all;
  }
}
