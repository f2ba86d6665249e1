// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.KeyManager;

/** Certificates that nobody should accept. */
final class Intruder {
  private static final String FOREIGN_DOMAIN = "elsewhere.example";

  private final DevelopmentCa shopCa;

  Intruder(DevelopmentCa shopCa) {
    this.shopCa = shopCa;
  }

  /** The right path in a trust domain that the shop does not know. */
  KeyManager foreign(Member member) {
    String id = member.spiffeId().replace(Member.TRUST_DOMAIN, FOREIGN_DOMAIN);
    return new StolenKey(
        DevelopmentCa.create(FOREIGN_DOMAIN, Clock.systemUTC()).issue(LeafTemplate.spiffe(id)));
  }

  /** The service's own name, by the shop's own authority, but of yesterday. */
  KeyManager expired(Member member) {
    return new StolenKey(
        shopCa.issue(
            LeafTemplate.spiffe(member.spiffeId())
                .notBefore(Clock.systemUTC().instant().minus(Duration.ofDays(1)))
                .lifetime(Duration.ofHours(1))));
  }
}
