// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;

/** A kind of web server that can serve with an identity. */
interface ServedServer {
  boolean serves(AbstractConfigurableWebServerFactory server);
}
