// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.identity.backend.BackendConfig;
import org.apache.kerby.kerberos.kerb.identity.backend.MemoryIdentityBackend;
import org.apache.kerby.kerberos.kerb.server.KdcConfig;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.KdcServer;

/**
 * Apache Kerby, configured for one realm of this JVM.
 *
 * <p>Not its SimpleKdcServer, whose init() sets java.security.krb5.conf for the whole JVM, and not
 * the setters of its KdcServer, which keep realm and port in an enum that all servers share.
 */
record KerbyServer(String realm, int port, KdcServer server) {
  private static final int PORT_ATTEMPTS = 5;

  /** Kerby cannot be given port 0, and somebody else may be faster than it. */
  static KerbyServer start(String realm, TicketLife longest, InetAddress address)
      throws IOException, KrbException {
    KrbException last = new KrbException("no free port");
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      try {
        return listen(realm, longest, freePort(address));
      } catch (KrbException taken) {
        last = taken;
      }
    }
    throw last;
  }

  /** Starts at a port, or stops what a failure has left of the server. */
  static KerbyServer listen(String realm, TicketLife longest, int port) throws KrbException {
    var server = new KdcServer(config(realm, port, longest), inMemory());
    try {
      server.init();
      server.start();
      return new KerbyServer(realm, port, server);
    } catch (KrbException failed) {
      try {
        server.stop();
      } catch (KrbException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  private static KdcConfig config(String realm, int port, TicketLife longest) {
    var config = new KdcConfig();
    config.setString(KdcConfigKey.KDC_REALM, realm);
    config.setString(KdcConfigKey.KDC_HOST, "127.0.0.1");
    config.setInt(KdcConfigKey.KDC_TCP_PORT, port);
    config.setBoolean(KdcConfigKey.KDC_ALLOW_TCP, true);
    config.setBoolean(KdcConfigKey.KDC_ALLOW_UDP, false);
    config.setString(KdcConfigKey.ENCRYPTION_TYPES, Krb5Conf.ENCRYPTION_TYPES);
    // Milliseconds, unlike its neighbours: without it a ticket of three seconds is refused.
    config.setLong(KdcConfigKey.MINIMUM_TICKET_LIFETIME, 1L);
    config.setLong(KdcConfigKey.MAXIMUM_TICKET_LIFETIME, (long) longest.validSeconds());
    // Forbidden, it would refuse who asks with RENEWABLE-OK (RFC 4120 section 5.4.1), as MIT does.
    config.setBoolean(KdcConfigKey.RENEWABLE_ALLOWED, true);
    config.setLong(
        KdcConfigKey.MAXIMUM_RENEWABLE_LIFETIME,
        (long) Math.max(longest.validSeconds(), longest.renewableSeconds()));
    return config;
  }

  private static BackendConfig inMemory() {
    var backend = new BackendConfig();
    backend.setString(KdcConfigKey.KDC_IDENTITY_BACKEND, MemoryIdentityBackend.class.getName());
    return backend;
  }

  private static int freePort(InetAddress address) throws IOException {
    try (var socket = new ServerSocket(0, 1, address)) {
      return socket.getLocalPort();
    }
  }
}
