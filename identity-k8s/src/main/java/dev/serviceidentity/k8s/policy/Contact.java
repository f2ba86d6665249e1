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

  int place() {
    return Line.place(protocol, port);
  }

  /** Between the same ends on another port. */
  Contact at(int place) {
    return new Contact(direction, subject, peer, Line.protocolAt(place), Line.portAt(place));
  }

  String portText() {
    return protocol + " " + port;
  }
}
