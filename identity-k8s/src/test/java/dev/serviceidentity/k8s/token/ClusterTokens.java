// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.k8s.RealCluster;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.util.List;

/** Tokens as the kubelet asks for them when it projects them into a pod. */
final class ClusterTokens {
  static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  private ClusterTokens() {}

  /** The token of a service account that exists, bound to a pod that exists. */
  static String ofPod(RealCluster cluster, String account, String pod, String audience) {
    String uid =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withName(pod)
            .get()
            .getMetadata()
            .getUid();
    return request(
        cluster,
        account,
        spec(audience)
            .editSpec()
            .withNewBoundObjectRef()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod)
            .withUid(uid)
            .endBoundObjectRef()
            .endSpec()
            .build());
  }

  static String ofAccount(RealCluster cluster, String account, String audience) {
    return request(cluster, account, spec(audience).build());
  }

  private static TokenRequestBuilder spec(String audience) {
    return new TokenRequestBuilder()
        .withNewSpec()
        .withAudiences(List.of(audience))
        .withExpirationSeconds(3_600L)
        .endSpec();
  }

  private static String request(RealCluster cluster, String account, TokenRequest request) {
    return cluster
        .client()
        .serviceAccounts()
        .inNamespace(cluster.namespace())
        .withName(account)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }
}
