// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.question.Answer;
import java.util.List;
import java.util.Objects;

/**
 * Whether the pods of one service account may call a service.
 *
 * @param account what they run as
 * @param pods their names, and those of templates; none if none is known
 * @param byName what the service says to their names
 * @param byNetwork what the policies say to their connections
 */
public record CallerRight(
    ServiceAccountName account, List<String> pods, ByName byName, Answer byNetwork) {
  /**
   * Copies the list.
   *
   * @param account what they run as
   * @param pods their names
   * @param byName what the service says to their names
   * @param byNetwork what the policies say to their connections
   */
  public CallerRight {
    Objects.requireNonNull(account, "account");
    pods = List.copyOf(pods);
    Objects.requireNonNull(byName, "byName");
    Objects.requireNonNull(byNetwork, "byNetwork");
  }

  /**
   * What both come to.
   *
   * @return never null
   */
  public Access access() {
    return Access.of(byName.isAllowed(), byNetwork.verdict());
  }
}
