// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Two ends of a connection that is in memory alone. */
record Engines(SSLEngine client, SSLEngine server) {
  private static final int WIRE = 1 << 17;
  private static final int MOST_STEPS = 200;

  /** As containers drive an engine of a server. */
  static Engines handshake(MtlsIdentity server, MtlsIdentity client, String protocol)
      throws SSLException {
    return shake(
        client.tls().orElseThrow().sslContext().createSSLEngine(),
        server.tls().orElseThrow().sslContext().createSSLEngine(),
        server,
        protocol);
  }

  /** The same with engines that have been made before. */
  static Engines shake(SSLEngine asking, SSLEngine answering, MtlsIdentity server, String protocol)
      throws SSLException {
    asking.setUseClientMode(true);
    SSLParameters parameters = server.tls().orElseThrow().serverParameters();
    parameters.setProtocols(new String[] {protocol});
    answering.setSSLParameters(parameters);
    answering.setUseClientMode(false);
    asking.beginHandshake();
    ByteBuffer toServer = ByteBuffer.allocate(WIRE);
    ByteBuffer toClient = ByteBuffer.allocate(WIRE);
    for (int step = 0; step < MOST_STEPS; step++) {
      step(asking, toClient, toServer);
      step(answering, toServer, toClient);
    }
    assertThat(answering.getSession().getProtocol()).isEqualTo(protocol);
    return new Engines(asking, answering);
  }

  /** Says nothing, in a record of its own. */
  Status wrap(SSLEngine engine) throws SSLException {
    return engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(WIRE)).getStatus();
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      default -> {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(WIRE));
        in.compact();
      }
    }
  }
}
