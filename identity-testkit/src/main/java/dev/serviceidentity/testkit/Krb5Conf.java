// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of a krb5.conf for one realm and those that it has to do with. Clients have the patience
 * that the JDK has by itself, since a KDC shares the processors of a test with everything else.
 *
 * @param realm the default realm
 * @param blocks the blocks under {@code [realms]}
 * @param paths who goes straight to whom, instead of along the hierarchy of names (RFC 4120 section
 *     1.2)
 */
record Krb5Conf(String realm, List<String> blocks, List<Path> paths) {
  static final String ENCRYPTION_TYPES = "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96";

  /** Clients of one realm may ask for services of another. */
  record Path(String clients, String services) {
    /** On several lines: the JDK does not read one-line blocks. */
    String block() {
      return "%s = {%n  %s = .%n}%n".formatted(clients, services);
    }
  }

  Krb5Conf(String realm, String block) {
    this(realm, List.of(block), List.of());
  }

  Krb5Conf with(String block, Path path) {
    var moreBlocks = new ArrayList<>(blocks);
    if (!moreBlocks.contains(block)) {
      moreBlocks.add(block);
    }
    var morePaths = new ArrayList<>(paths);
    morePaths.add(path);
    return new Krb5Conf(realm, List.copyOf(moreBlocks), List.copyOf(morePaths));
  }

  String text() {
    String capaths =
        paths.isEmpty()
            ? ""
            : "[capaths]\n" + String.join("", paths.stream().map(Path::block).toList());
    return """
        [libdefaults]
        default_realm = %1$s
        udp_preference_limit = 1
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        dns_lookup_realm = false
        kdc_timeout = 30000
        permitted_enctypes = %2$s
        default_tkt_enctypes = %2$s
        default_tgs_enctypes = %2$s
        [realms]
        %3$s"""
            .formatted(realm, ENCRYPTION_TYPES, String.join("", blocks))
        + capaths;
  }
}
