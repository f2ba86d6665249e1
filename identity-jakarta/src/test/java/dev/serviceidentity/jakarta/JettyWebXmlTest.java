// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JettyWebXmlTest extends WebXmlContract {
  @Override
  Container launch(Container.Setup setup, LocalTls tls) throws Exception {
    return JettyContainer.start(setup, tls);
  }

  @Override
  void assertFails(Container.Setup setup, String message) {
    assertThatThrownBy(() -> start(setup)).hasStackTraceContaining(message);
  }
}
