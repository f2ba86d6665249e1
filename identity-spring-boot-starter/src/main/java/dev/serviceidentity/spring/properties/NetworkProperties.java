// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The view of the cluster: which pod is behind an address, and what the network policies say.
 *
 * @param mode where the view comes from; must be said
 * @param manifests files and directories with the manifests of the cluster, for the mode manifests
 * @param ownPod the pod that this process is, as namespace/name; known by itself in a cluster
 * @param binding which proven names stand for service accounts
 * @param wholeCluster watch all pods, policies and nodes, as a gateway needs
 * @param trustLoopbackPods take loopback addresses of pods for theirs: for a machine that plays a
 *     cluster, and for tests
 * @param checkCallerEgress demand that the egress policies of the caller's namespace permit the
 *     call as well
 * @param requirePodBoundCredential demand that a credential says which pod it is for, as projected
 *     service-account tokens do
 * @param admitUnbound principals that may call although they stand for no workload of the cluster
 * @param targets services that this one calls, as name.namespace:port, which the own check looks at
 */
@ConfigurationProperties(prefix = "serviceidentity.network", ignoreUnknownFields = false)
public record NetworkProperties(
    @Nullable Mode mode,
    @DefaultValue List<Path> manifests,
    @Nullable String ownPod,
    @DefaultValue Binding binding,
    @DefaultValue("false") boolean wholeCluster,
    @DefaultValue("false") boolean trustLoopbackPods,
    @DefaultValue("false") boolean checkCallerEgress,
    @DefaultValue("false") boolean requirePodBoundCredential,
    @DefaultValue List<String> admitUnbound,
    @DefaultValue List<String> targets) {

  /** Where the view of the cluster comes from. */
  public enum Mode {
    /**
     * From the API server: by the application's KubernetesClient bean, or the pod's service
     * account.
     */
    CLUSTER,
    /** From manifest files, read once. */
    MANIFESTS,
    /** There is none: a stolen credential works from everywhere that the network lets through. */
    IDENTITY_ALONE
  }

  /**
   * Which proven names stand for service accounts.
   *
   * @param trustDomains trust domains whose SPIFFE IDs stand for service accounts;
   *     serviceidentity.mtls.trust-domain unless said
   * @param realms realms whose principals stand for service accounts; the one of
   *     serviceidentity.kerberos.principal unless said
   * @param tokenDomains domains whose service-account tokens stand for service accounts;
   *     serviceidentity.tokens.domain, or the host of serviceidentity.tokens.issuer, unless said
   */
  public record Binding(
      @DefaultValue List<String> trustDomains,
      @DefaultValue List<String> realms,
      @DefaultValue List<String> tokenDomains) {
    /**
     * Whether nothing was said.
     *
     * @return true if all of it is to be derived
     */
    public boolean isEmpty() {
      return trustDomains.isEmpty() && realms.isEmpty() && tokenDomains.isEmpty();
    }
  }
}
