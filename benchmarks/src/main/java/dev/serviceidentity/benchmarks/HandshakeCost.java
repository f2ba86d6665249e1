// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.MemoryConnection.Ends;
import dev.serviceidentity.benchmarks.TlsWorld.Contexts;

/**
 * What one full mutual handshake costs, both ends and the closing together, by this library's
 * contexts and by others', which take turns.
 */
public final class HandshakeCost {
  private static final int WARM_UP = 800;
  private static final int TURNS = 1_500;

  private final MemoryConnection connection = new MemoryConnection();
  private final String protocol;

  private HandshakeCost(String protocol) {
    this.protocol = protocol;
  }

  /**
   * Measures and prints a table.
   *
   * @param args TLSv1.2 or TLSv1.3
   * @throws Exception if a handshake fails
   */
  public static void main(String[] args) throws Exception {
    var cost = new HandshakeCost(args[0]);
    try (var world = new TlsWorld()) {
      new Turns(1)
          .add("JSSE", cost.by(world.jsse()))
          .add("JSSE once more", cost.by(world.jsse()))
          .add("ours", cost.by(world.ours(builder -> builder)))
          .add("ayza, swappable", cost.by(world.ayza()))
          .add("Conscrypt", cost.by(world.conscrypt()))
          .add("ours by Conscrypt", cost.by(world.ours(b -> b.provider(world.conscrypt))))
          .take(WARM_UP, TURNS)
          .print(args[0]);
    }
  }

  private Turns.Call by(Contexts contexts) {
    return () -> {
      Ends ends = connection.handshake(contexts.client(), contexts.server(), protocol);
      connection.close(ends);
      return ends.server().getSession().getPeerCertificates().length == 1;
    };
  }
}
