// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.identity.ServiceAccountName;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The services of the shop: where each lives, and by which names it proves itself. */
public enum Member {
  WEB("shop", "web", 2),
  ORDERS("shop", "orders", 3),
  PAYMENTS("finance", "payments", 4),
  BATCH("shop", "batch", 5);

  /** The SPIFFE trust domain of the shop. */
  public static final String TRUST_DOMAIN = "shop.example";

  /** The Kerberos realm of the shop. */
  public static final String REALM = "SHOP.EXAMPLE";

  private final String namespace;
  private final String service;
  private final int host;

  Member(String namespace, String service, int host) {
    this.namespace = namespace;
    this.service = service;
    this.host = host;
  }

  /** The service account, which is also the name of the service within its namespace. */
  public ServiceAccountName account() {
    return new ServiceAccountName(namespace, service);
  }

  /** The pod in the manifests. */
  public String podName() {
    return service + "-0";
  }

  /** Its name in the trust domain. */
  public String spiffeId() {
    return "spiffe://" + TRUST_DOMAIN + "/ns/" + namespace + "/sa/" + service;
  }

  /** By which others call it. */
  public String hostName() {
    return service + "." + namespace;
  }

  /** Its name in the realm. */
  public String kerberosPrincipal() {
    return "HTTP/" + hostName() + "@" + REALM;
  }

  /** The pod's address in the manifests: each service has a loopback address of its own. */
  public InetAddress address() {
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
