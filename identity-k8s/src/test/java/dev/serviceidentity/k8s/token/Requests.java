// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Requests with tokens, and what is found about them. */
final class Requests {
  private Requests() {}

  static CallerEvidence bearer(String token) {
    return from("127.0.0.2", "Bearer " + token);
  }

  static CallerEvidence from(String address, String... authorization) {
    return CallerEvidence.of(
            new InetSocketAddress(address, 40_000), new InetSocketAddress("127.0.0.1", 8443))
        .headers(Map.of("Authorization", List.of(authorization)));
  }

  static Verification.Rejected rejected(Verification found) {
    assertThat(found).isInstanceOf(Verification.Rejected.class);
    return (Verification.Rejected) found;
  }
}
