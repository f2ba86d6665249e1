// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.nio.file.Path;

/** Commands to paste into another terminal while the shop is open. */
final class CurlCommands {
  private CurlCommands() {}

  static String of(Shop shop) {
    Authorities authorities = shop.authorities();
    Path orders = authorities.certificates(Member.ORDERS);
    return String.join(
        "\n",
        "",
        "# orders calls payments with its certificate: admitted",
        byCertificate(shop, orders, Member.ORDERS, Member.PAYMENTS),
        "",
        "# the same certificate from batch's address: refused at the binding",
        byCertificate(shop, orders, Member.BATCH, Member.PAYMENTS),
        "",
        "# web calls orders with a Kerberos ticket (from Debian's krb5-user or the like): admitted",
        byTicket(shop),
        "",
        "# nobody calls orders: 401 with a challenge",
        curl(shop, orders, Member.WEB, Member.ORDERS, ""));
  }

  private static String byCertificate(Shop shop, Path certificates, Member source, Member to) {
    return curl(
        shop,
        certificates,
        source,
        to,
        " --cert " + certificates.resolve("tls.crt") + " --key " + certificates.resolve("tls.key"));
  }

  private static String byTicket(Shop shop) {
    Authorities authorities = shop.authorities();
    return "KRB5_CONFIG="
        + authorities.krb5Conf()
        + " KRB5_CLIENT_KTNAME=FILE:"
        + authorities.keytab(Member.WEB)
        + " KRB5CCNAME=MEMORY: "
        + curl(
            shop,
            authorities.certificates(Member.ORDERS),
            Member.WEB,
            Member.ORDERS,
            " --negotiate -u :");
  }

  private static String curl(
      Shop shop, Path certificates, Member source, Member to, String credentials) {
    int port = shop.manifests().port();
    return "curl -i --interface %s --cacert %s --resolve %s:%d:%s%s https://%s:%d/%s"
        .formatted(
            source.address().getHostAddress(),
            certificates.resolve("ca.crt"),
            to.hostName(),
            port,
            to.address().getHostAddress(),
            credentials,
            to.hostName(),
            port,
            to);
  }
}
