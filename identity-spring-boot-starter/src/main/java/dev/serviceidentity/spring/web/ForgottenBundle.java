// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Warns of a server that asks nobody for the certificates that are all callers can show. */
record ForgottenBundle(Environment environment) {
  private static final System.Logger LOG = System.getLogger(ForgottenBundle.class.getName());

  void warn() {
    if (!said().containsValue("service-identity")) {
      LOG.log(
          System.Logger.Level.WARNING,
          "serviceidentity.mtls is the only mechanism, and the server does not ask callers for"
              + " certificates: every request will be refused that is not for a public path. Add"
              + " the property server.ssl.bundle=service-identity, unless you gave the server"
              + " ServiceIdentity.tls() yourself");
    }
  }

  /** Also bundles for single host names are values of it. */
  private Map<String, String> said() {
    return Binder.get(environment)
        .bind("server.ssl", Bindable.mapOf(String.class, String.class))
        .orElseGet(Map::of);
  }
}
