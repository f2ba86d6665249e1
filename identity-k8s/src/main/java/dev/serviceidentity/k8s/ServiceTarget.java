// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.policy.Quote;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A port of a Service that this one calls; the namespace is empty where it is the own one. */
record ServiceTarget(String service, String namespace, String port) {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  /** A name as cluster DNS has it, and a port by number or by the Service's name for it. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?<service>LABEL)(\\.(?<namespace>LABEL)(\\.svc(\\.LABEL)*\\.?)?)?:(?<port>[-a-z0-9]{1,15})"
              .replace("LABEL", LABEL));

  static ServiceTarget parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "The target "
              + Quote.of(text)
              + " is none; write service.namespace:port, such as orders.shop:8443");
    }
    String namespace = form.group("namespace");
    return new ServiceTarget(
        form.group("service"), namespace == null ? "" : namespace, form.group("port"));
  }

  ServiceTarget from(String own) {
    return namespace.isEmpty() ? new ServiceTarget(service, own, port) : this;
  }

  /** Returns for example {@code orders.shop:8443}. */
  @Override
  public String toString() {
    return service + (namespace.isEmpty() ? "" : "." + namespace) + ":" + port;
  }
}
