// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;

/**
 * One element of a policy's {@code ingress} or {@code egress}: it admits a flow that one of its
 * peers and one of its ports match.
 *
 * @param peers none means everybody, outside the cluster included
 * @param ports none means every port of every protocol
 */
public record Rule(List<Peer> peers, List<PortRule> ports) {
  /**
   * Copies the lists.
   *
   * @param peers none means everybody
   * @param ports none means every port
   */
  public Rule {
    peers = List.copyOf(peers);
    ports = List.copyOf(ports);
  }

  /**
   * A rule that could not be read. It admits nothing.
   *
   * @param problem what is wrong with it
   * @return the rule
   */
  public static Rule malformed(String problem) {
    return new Rule(List.of(new Peer.Malformed(problem)), List.of());
  }
}
