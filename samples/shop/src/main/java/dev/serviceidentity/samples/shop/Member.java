// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.identity.ServiceAccountName;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The services of the shop: where each lives, and by which names it proves itself. */
enum Member {
  WEB("shop", "web", 2),
  ORDERS("shop", "orders", 3),
  PAYMENTS("finance", "payments", 4),
  BATCH("shop", "batch", 5);

  static final String TRUST_DOMAIN = "shop.example";
  static final String REALM = "SHOP.EXAMPLE";

  private final String namespace;
  private final String service;
  private final int host;

  Member(String namespace, String service, int host) {
    this.namespace = namespace;
    this.service = service;
    this.host = host;
  }

  /** The service account, which is also the name of the service within its namespace. */
  ServiceAccountName account() {
    return new ServiceAccountName(namespace, service);
  }

  String podName() {
    return service + "-0";
  }

  String spiffeId() {
    return "spiffe://" + TRUST_DOMAIN + "/ns/" + namespace + "/sa/" + service;
  }

  String hostName() {
    return service + "." + namespace;
  }

  String kerberosPrincipal() {
    return "HTTP/" + hostName() + "@" + REALM;
  }

  /** The pod's address in the manifests: each service has a loopback address of its own. */
  InetAddress address() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 10, 0, (byte) host});
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("Four bytes are an address", impossible);
    }
  }

  @Override
  public String toString() {
    return service;
  }
}
