// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import java.net.InetSocketAddress;

class TomcatServerTest extends ServerContract {
  @Override
  Server start(ServiceIdentity identity, InetSocketAddress address) throws Exception {
    TomcatServer started = TomcatServer.start(identity, address, folder.resolve("tomcat"));
    return new Server(started.port(), started);
  }
}
