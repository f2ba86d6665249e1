// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostLookupTest {
  private static final InetAddress FOUND = InetAddress.getLoopbackAddress();

  @ParameterizedTest
  @CsvSource({"192.0.2.1, true", "192.0.2.1., false", "192.0.2.256, false", "kdc, false"})
  void onlyWhatTheJdkReadsByItselfIsTakenForAnAddress(String host, boolean isAddress)
      throws IOException {
    var lookup = new HostLookup(name -> new InetAddress[] {FOUND});

    InetAddress address = lookup.addresses(host, Deadline.in(Duration.ofSeconds(60))).get(0);

    assertThat(address.equals(FOUND)).isNotEqualTo(isAddress);
  }
}
