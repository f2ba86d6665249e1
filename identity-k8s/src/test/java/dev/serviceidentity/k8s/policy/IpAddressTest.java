// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "2001:DB8::1, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:c000:201, 192.0.2.1",
    "0:0:0:0:0:ffff:192.0.2.1, 192.0.2.1",
  })
  void textIsReadAndWrittenTheUsualWay(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.256",
        "1.2.3.0x4",
        "1.2.3.+4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "１.2.3.4",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "g::",
        "fe80::1%eth0",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "-1::",
        "[::1]"
      })
  void otherTextIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
  }

  @Test
  void everyAddressReadsBackAndAgreesWithTheJdk() throws UnknownHostException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("IpAddressTest: -Dseed=" + seed);
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = random.nextBoolean() ? 0 : bytes[j];
      }
      var address = IpAddress.of(InetAddress.getByAddress(bytes));

      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(IpAddress.of(InetAddress.getByName(address.toString()))).isEqualTo(address);
    }
  }

  @Test
  void randomTextIsReadOrRefusedAndNothingElse() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("IpAddressTest: -Dseed=" + seed);
    var random = new Random(seed);
    String alphabet = "0123456789abf:.:.:/%";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(24); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Cidr cidr = Cidr.parse(text.toString());
        assertThat(cidr.masked().contains(cidr.address())).isTrue();
        assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void onlyAddressesThatMeanNothingElsewhereAreHostLocal() {
    assertThat(IpAddress.parse("127.9.9.9").isHostLocal()).isTrue();
    assertThat(IpAddress.parse("::1").isHostLocal()).isTrue();
    assertThat(IpAddress.parse("169.254.169.254").isHostLocal()).isTrue();
    assertThat(IpAddress.parse("febf::1").isHostLocal()).isTrue();
    assertThat(IpAddress.parse("0.0.0.0").isHostLocal()).isTrue();
    assertThat(IpAddress.parse("fec0::1").isHostLocal()).isFalse();
    assertThat(IpAddress.parse("128.0.0.1").isHostLocal()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.77/32, 10.0.0.77, true",
    "10.0.0.77/32, 10.0.0.78, false",
    "0.0.0.0/0, 255.1.2.3, true",
    "::/0, 1.2.3.4, false",
    "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, true",
    "2001:db8::/64, 2001:db8:0:1::, false",
    "2001:db8::/65, 2001:db8::8000:0:0:0, false",
    "2001:db8::1/128, 2001:db8::1, true",
  })
  void aBlockHoldsItsAddressesAndNoOthers(String cidr, String address, boolean expected) {
    assertThat(Cidr.parse(cidr).contains(IpAddress.parse(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "::/129",
        "::ffff:10.0.0.0/104",
        "10.0.0.0/-1"
      })
  void otherBlocksAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
  }
}
