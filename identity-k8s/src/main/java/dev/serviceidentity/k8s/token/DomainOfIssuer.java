// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The domain of the principals that an issuer names. */
final class DomainOfIssuer {
  private DomainOfIssuer() {}

  /** Host and port; where there is a path, two issuers could have one host. */
  static String of(String issuer, @Nullable String said) {
    if (said != null) {
      return said;
    }
    URI uri = URI.create(issuer);
    if (!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
      throw Assembly.wrong(
          "domain(...): which domain do principals of " + issuer + " have, whose URL has a path?");
    }
    return uri.getRawAuthority();
  }
}
