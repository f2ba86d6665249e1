// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

class TomcatSpellingTest extends SpellingContract {
  @Override
  Container launch(Container.Setup setup, LocalTls tls) throws Exception {
    return TomcatContainer.start(setup, tls);
  }
}
