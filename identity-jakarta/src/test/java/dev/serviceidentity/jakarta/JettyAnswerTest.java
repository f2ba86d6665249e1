// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

class JettyAnswerTest extends AnswerContract {
  @Override
  Container launch(Container.Setup setup, LocalTls tls) throws Exception {
    return JettyContainer.start(setup, tls);
  }
}
