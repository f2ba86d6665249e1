// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

/** Whether one end may reach another at a port. */
record Question(Reference from, Reference to, PortNumber port) {

  /**
   * Asks a cluster.
   *
   * @throws IllegalArgumentException if an end means nobody, or both are outside
   */
  Answer ask(Cluster cluster) {
    if (from instanceof Reference.External && to instanceof Reference.External) {
      throw new IllegalArgumentException("at least one end must be in the cluster");
    }
    return cluster.ask(cluster.directory().find(from), cluster.directory().find(to), port);
  }

  void write(Json json) {
    json.text("from", from.toString()).text("to", to.toString());
    json.text("protocol", port.protocol().name()).number("port", port.number());
  }

  @Override
  public String toString() {
    return from + " → " + to + ":" + port;
  }
}
