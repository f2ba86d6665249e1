// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.caller.CallerEvidence;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evidence of requests to the service {@code shop/orders}. */
public final class Requests {
  public static final String WEB_BY_KERBEROS = "kerberos:HTTP/web.shop@SHOP.EXAMPLE";
  public static final String WEB_BY_MTLS = "mtls:spiffe://shop.example/ns/shop/sa/web";
  public static final String BATCH_BY_MTLS = "mtls:spiffe://shop.example/ns/shop/sa/batch";
  public static final String ALICE = "kerberos:alice@SHOP.EXAMPLE";

  private Requests() {}

  /** A request that proves nothing. */
  public static CallerEvidence anonymous() {
    return from("10.1.0.5");
  }

  public static CallerEvidence from(String address) {
    return CallerEvidence.of(
            new InetSocketAddress(address, 40000), new InetSocketAddress("10.1.0.9", 8080))
        .request("GET", "/orders");
  }

  /** A request of each of these principals, by the mechanism that its text names. */
  public static CallerEvidence by(String... principals) {
    return with(anonymous(), principals);
  }

  public static CallerEvidence with(CallerEvidence evidence, String... principals) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String principal : principals) {
      fields.put("X-" + principal.substring(0, principal.indexOf(':')), List.of(principal));
    }
    return evidence.headers(fields);
  }
}
