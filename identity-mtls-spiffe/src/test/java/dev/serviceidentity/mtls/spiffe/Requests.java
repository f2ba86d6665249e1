// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.caller.CallerEvidence;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** What requests bring. */
final class Requests {
  private Requests() {}

  static CallerEvidence bearer(String token) {
    return with("Bearer " + token);
  }

  static CallerEvidence with(String... authorization) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return CallerEvidence.of(address, address)
        .headers(Map.of("Authorization", List.of(authorization)));
  }
}
