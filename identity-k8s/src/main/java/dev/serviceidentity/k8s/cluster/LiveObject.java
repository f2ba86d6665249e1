// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one object of a live cluster says.
 *
 * @param path its namespace, a slash and its name, or the name of what has no namespace
 * @param facts what the engine or a binding uses of it; null if nothing can be believed, or is said
 * @param doubts what is wrong with it
 * @param <F> the type of the facts
 */
public record LiveObject<F>(String path, @Nullable F facts, Doubts doubts) {

  /**
   * What is wrong with an object, and what must not be decided because of it.
   *
   * @param policies flows that such a policy could touch are undecidable
   * @param owners who may own an address
   * @param claimUnread whether it may claim any principal
   * @param ignored loopback addresses that do not count
   * @param findings the words for people
   */
  public record Doubts(
      List<UnreadPolicy> policies,
      List<UnknownOwner> owners,
      boolean claimUnread,
      Set<IpAddress> ignored,
      List<Finding> findings) {
    /** Nothing is wrong. */
    public static final Doubts NONE = new Doubts(List.of(), List.of(), false, Set.of(), List.of());

    /**
     * Copies the collections.
     *
     * @param policies flows that such a policy could touch are undecidable
     * @param owners who may own an address
     * @param claimUnread whether it may claim any principal
     * @param ignored loopback addresses that do not count
     * @param findings the words for people
     */
    public Doubts {
      policies = List.copyOf(policies);
      owners = List.copyOf(owners);
      ignored = Set.copyOf(ignored);
      findings = List.copyOf(findings);
    }

    /**
     * Whether other decisions than those by the object's own facts depend on it.
     *
     * @return true if there is something that may touch others
     */
    public boolean reachFurther() {
      return !policies.isEmpty() || !owners.isEmpty() || claimUnread;
    }
  }

  /**
   * Checks that nothing is missing.
   *
   * @param path its namespace and name
   * @param facts what is used of it, or null
   * @param doubts what is wrong with it
   */
  public LiveObject {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(doubts, "doubts");
  }
}
