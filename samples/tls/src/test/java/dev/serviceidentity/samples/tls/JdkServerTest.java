// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import java.net.InetSocketAddress;

class JdkServerTest extends ServerContract {
  @Override
  Server start(ServiceIdentity identity, InetSocketAddress address) throws Exception {
    JdkServer started = JdkServer.start(identity, address);
    return new Server(started.port(), started);
  }
}
