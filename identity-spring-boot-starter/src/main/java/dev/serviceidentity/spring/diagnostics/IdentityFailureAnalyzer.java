// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.diagnostics;

import dev.serviceidentity.identity.IdentityException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why an application does not start whose identity cannot be made or opened: what is wrong as
 * the library says it, and what to do in terms of properties.
 */
final class IdentityFailureAnalyzer extends AbstractFailureAnalyzer<IdentityException> {
  IdentityFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, IdentityException cause) {
    String message = String.valueOf(cause.getMessage());
    return new FailureAnalysis(
        "The identity of this service cannot be used (" + cause.code() + "):\n\n    " + message,
        Remedy.of(message, cause.code()),
        cause);
  }
}
