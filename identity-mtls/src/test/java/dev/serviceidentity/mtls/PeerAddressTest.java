// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.255", "0:0:0:0:0:0:0:1", "fd00:0:0:0:0:0:0:a"})
  void literalsAreAddresses(String literal) {
    InetAddress address = PeerAddress.literal(literal);

    assertThat(address).isNotNull();
    assertThat(address.getHostAddress()).isEqualTo(literal);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "localhost",
        "",
        "1",
        "1.2",
        "1.2.3.256",
        "01.2.3.4",
        "::g",
        ":",
        "web.shop",
        "1:2"
      })
  void namesAreNeverLookedUp(String host) {
    assertThat(PeerAddress.literal(host)).isNull();
  }

  @Test
  void withoutEngineOrSocketThereIsNoAddress() {
    assertThat(PeerAddress.of((javax.net.ssl.SSLEngine) null)).isNull();
    assertThat(PeerAddress.of((java.net.Socket) null)).isNull();
  }
}
