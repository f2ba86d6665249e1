// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Both ends of connections that are in memory alone and are made one after the other. */
final class MemoryConnection {
  private static final int WIRE = 1 << 16;
  private static final int MOST_STEPS = 100;

  private final ByteBuffer toServer = ByteBuffer.allocate(WIRE);
  private final ByteBuffer toClient = ByteBuffer.allocate(WIRE);
  private final ByteBuffer received = ByteBuffer.allocate(WIRE);
  private final ByteBuffer nothing = ByteBuffer.allocate(0);

  /** Two engines whose handshake is complete. */
  record Ends(SSLEngine client, SSLEngine server) {}

  /** One full mutual handshake: without a host name, clients do not resume sessions. */
  Ends handshake(SSLContext clients, SSLContext servers, String protocol) throws SSLException {
    SSLEngine client = clients.createSSLEngine();
    client.setUseClientMode(true);
    client.setEnabledProtocols(new String[] {protocol});
    SSLEngine server = servers.createSSLEngine();
    server.setUseClientMode(false);
    server.setNeedClientAuth(true);
    server.setEnabledProtocols(new String[] {protocol});
    toServer.clear();
    toClient.clear();
    client.beginHandshake();
    for (int step = 0; step < MOST_STEPS && isBusy(client, server); step++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    if (!server.getSession().getProtocol().equals(protocol)) {
      throw new SSLException("No handshake by " + protocol);
    }
    return new Ends(client, server);
  }

  /** Both ends say that they have no more to say. */
  void close(Ends ends) throws SSLException {
    ends.client().closeOutbound();
    ends.server().closeOutbound();
    for (int step = 0; step < MOST_STEPS && !isClosed(ends); step++) {
      step(ends.client(), toClient, toServer);
      step(ends.server(), toServer, toClient);
    }
  }

  private static boolean isClosed(Ends ends) {
    return ends.client().isOutboundDone() && ends.server().isOutboundDone();
  }

  private boolean isBusy(SSLEngine client, SSLEngine server) {
    return client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        || toServer.position() > 0
        || toClient.position() > 0;
  }

  private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(nothing, out);
      default -> {
        if (in.position() > 0) {
          in.flip();
          engine.unwrap(in, received.clear());
          in.compact();
        }
      }
    }
  }
}
