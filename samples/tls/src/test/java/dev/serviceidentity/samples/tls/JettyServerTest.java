// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import java.net.InetSocketAddress;

class JettyServerTest extends Http2ServerContract {
  @Override
  Server start(ServiceIdentity identity, InetSocketAddress address) throws Exception {
    JettyServer started = JettyServer.start(identity, address);
    return new Server(started.port(), started);
  }
}
