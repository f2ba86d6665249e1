// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;

/** One flow between two addresses, asked of the policies of one of its ends. */
record Contact(Direction direction, Endpoint subject, Endpoint peer, Protocol protocol, int port) {

  /** Who accepts the connection: named ports are that pod's, in both directions. */
  Endpoint destination() {
    return direction == Direction.INGRESS ? subject : peer;
  }

  String portText() {
    return protocol + " " + port;
  }
}
