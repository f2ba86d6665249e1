// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

class TomcatWebXmlTest extends WebXmlContract {
  @Override
  Container launch(Container.Setup setup, LocalTls tls) throws Exception {
    return TomcatContainer.start(setup, tls);
  }

  /** Tomcat logs the message and goes on without the application. */
  @Override
  void assertFails(Container.Setup setup, String message) throws Exception {
    assertThat(start(setup).get("/shop/x", WEB).status()).isEqualTo(404);
  }
}
