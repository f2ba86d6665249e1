// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import org.junit.jupiter.api.Test;

class ServicePrincipalTest {
  private static final Target STOCK = Target.of(URI.create("https://stock.partner.test"));

  private final KerberosConfig config =
      KerberosConfig.builder().hosts("PARTNER.EXAMPLE", ".partner.test").build();

  @Test
  void aHostIsOfTheRealmThatTheConfigurationSays() {
    assertThat(name(STOCK)).isEqualTo("HTTP/stock.partner.test@PARTNER.EXAMPLE");
  }

  @Test
  void aHostOfWhichNothingIsSaidIsOfTheOwnRealm() {
    assertThat(name(Target.of(URI.create("https://orders.shop"))))
        .isEqualTo("HTTP/orders.shop@SHOP.EXAMPLE");
  }

  @Test
  void aPrincipalThatTheTargetNamesIsOfTheRealmItSaysOrOfTheOwn() {
    assertThat(name(STOCK.servicePrincipal("HTTP/stock"))).isEqualTo("HTTP/stock@SHOP.EXAMPLE");
    assertThat(name(STOCK.servicePrincipal("HTTP/stock@OTHER.EXAMPLE")))
        .isEqualTo("HTTP/stock@OTHER.EXAMPLE");
  }

  private String name(Target target) {
    return ServicePrincipal.of(target, "SHOP.EXAMPLE", config).toString();
  }
}
