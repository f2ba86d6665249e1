// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.caller.ChannelBinding;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A target")
class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "http://orders.shop/a?b, HTTP/orders.shop:80",
    "https://orders.shop, HTTP/orders.shop:443",
    "HTTPS://Orders.Shop:8443/x, HTTP/Orders.Shop:8443",
    "http://10.1.0.5:65535/, HTTP/10.1.0.5:65535",
  })
  void isReadFromAUri(String uri, String target) {
    assertThat(Target.of(URI.create(uri))).hasToString(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://orders.shop/",
        "orders.shop:80",
        "/orders",
        "http:///orders",
        "http://orders_shop:80/",
        "http://orders.shop:0/",
        "http://orders.shop:65536/",
      })
  void isNotReadFromAnyOtherUri(String uri) {
    assertThatIllegalArgumentException().isThrownBy(() -> Target.of(URI.create(uri)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://me:secret@orders.shop/", "http://me:secret@orders_shop/?t=secret"})
  void doesNotRepeatAPasswordInItsComplaint(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Target.of(URI.create(uri)))
        .satisfies(complaint -> assertThat(complaint.getMessage()).doesNotContain("secret"));
  }

  @Test
  void saysHowToWriteAHostAndAPort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Target.of(URI.create("orders.shop:8443")))
        .withMessage("'orders.shop:8443' is no target: write https://orders.shop:8443/");
  }

  @Test
  void isSecureForHttpsOnly() {
    assertThat(Target.of(URI.create("https://orders.shop/")).serviceClass("x").isSecure()).isTrue();
    assertThat(Target.of(URI.create("http://orders.shop/")).isSecure()).isFalse();
  }

  @Test
  void isLeftAsItIsByItsWithers() {
    Target orders = Target.of(URI.create("https://orders.shop"));
    Target database = orders.serviceClass("postgres").servicePrincipal("postgres/db@SHOP.EXAMPLE");
    assertThat(orders.serviceClass()).isEqualTo("HTTP");
    assertThat(orders.servicePrincipal()).isEmpty();
    assertThat(database.serviceClass()).isEqualTo("postgres");
    assertThat(database.servicePrincipal()).contains("postgres/db@SHOP.EXAMPLE");
    assertThat(database.host()).isEqualTo("orders.shop");
    assertThat(database.port()).isEqualTo(443);
  }

  @Test
  void speaksSpnegoAndIsBoundToNoConnectionUnlessItIsSaid() {
    Target orders = Target.of(URI.create("https://orders.shop"));
    ChannelBinding connection = ChannelBinding.of(new byte[] {1});
    Target said = orders.withoutSpnego().channelBinding(connection).serviceClass("x");
    assertThat(orders.speaksSpnego()).isTrue();
    assertThat(orders.channelBinding()).isEmpty();
    assertThat(said.servicePrincipal("x/y").speaksSpnego()).isFalse();
    assertThat(said.servicePrincipal("x/y").channelBinding()).contains(connection);
    assertThat(said.servicePrincipal("x/y").withoutSpnego().isSecure()).isTrue();
  }
}
