// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.cluster.LiveKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What this service may do. SelfSubjectAccessReview is allowed to everyone whom the API server
 * knows.
 */
final class Rights {
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private final ApiServer api;

  Rights(ApiServer api) {
    this.api = api;
  }

  /** The verbs that are needed for a resource and not granted. */
  List<String> missing(Resource resource) throws ApiFault, InterruptedException {
    var missing = new ArrayList<String>();
    for (String verb : List.of("list", "watch")) {
      if (!isGranted(verb, resource)) {
        missing.add(verb);
      }
    }
    return missing;
  }

  private boolean isGranted(String verb, Resource resource) throws ApiFault, InterruptedException {
    Map<String, Object> review =
        Map.of(
            "apiVersion", "authorization.k8s.io/v1",
            "kind", "SelfSubjectAccessReview",
            "spec",
                Map.of(
                    "resourceAttributes",
                    Map.of(
                        "verb", verb,
                        "group", resource.kind().group(),
                        "resource", resource.kind().plural(),
                        "namespace", resource.namespace())));
    try {
      Map<String, Object> answer = api.post(REVIEWS, review);
      return Boolean.TRUE.equals(Json.part(answer, "status").get("allowed"));
    } catch (ApiFault fault) {
      if (fault.isForbidden()) {
        // Who may not even ask finds out by trying.
        return true;
      }
      throw fault;
    }
  }

  /** Whether the API server serves a kind at all, which it does not say to whom may not list it. */
  boolean isServed(LiveKind kind) throws ApiFault, InterruptedException {
    try {
      Map<String, Object> group = Json.object(api.get(kind.root()));
      return !(group.get("resources") instanceof List<?> resources)
          || resources.stream()
              .anyMatch(
                  each ->
                      each instanceof Map<?, ?> resource
                          && kind.plural().equals(resource.get("name")));
    } catch (ApiFault fault) {
      if (fault.isNotFound()) {
        return false;
      }
      throw fault;
    }
  }
}
