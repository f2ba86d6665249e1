// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells objects that change what the network does from those that do not. A kind that looks like a
 * policy and is not evaluated must not be passed over: it could deny what the others admit.
 */
final class PolicyKinds {
  private static final String POLICY_API = "policy.networking.k8s.io/";
  private static final Set<String> NETWORK_POLICY = Set.of("NetworkPolicy");
  private static final String NETWORKING_API = "networking.k8s.io/";
  private static final Pattern WHOLE_CLUSTER = Pattern.compile("(?i).*(admin|cluster|global).*");

  private PolicyKinds() {}

  static boolean isPolicy(ManifestObject object) {
    return object.kind().isEmpty()
        ? looksLikePolicy(object)
        : object.apiVersion().startsWith(POLICY_API)
            || object.kind().toLowerCase(Locale.ROOT).contains("networkpolic")
            || Spelling.nearest(object.kind(), NETWORK_POLICY).isPresent();
  }

  /** Says not what it is. No cluster would take it, but its author counts on it. */
  private static boolean looksLikePolicy(ManifestObject object) {
    return object.apiVersion().startsWith(POLICY_API)
        || object.apiVersion().startsWith(NETWORKING_API)
        || object.at(FieldPath.of("spec", "podSelector")) != null
        || object.at(FieldPath.of("spec", "subject")) != null;
  }

  /** The only namespace that a policy can touch, or null if that is not certain. */
  static @Nullable String scopeOf(ManifestObject object) {
    String namespace = object.subject().namespace();
    boolean everywhere =
        object.apiVersion().startsWith(POLICY_API)
            || WHOLE_CLUSTER.matcher(object.kind()).matches();
    return everywhere || namespace.isEmpty() ? null : namespace;
  }
}
