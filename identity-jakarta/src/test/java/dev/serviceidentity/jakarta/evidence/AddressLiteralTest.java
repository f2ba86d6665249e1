// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
  private static final int ROUNDS = 20_000;
  private static final String ALPHABET = "0123456789abcdefF:::..%z-/[] ";

  @ParameterizedTest
  @CsvSource({
    "10.1.0.5, 10.1.0.5",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1::, 1:0:0:0:0:0:0:0",
    "2001:DB8::a:0, 2001:db8:0:0:0:0:a:0",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
    "0:0:0:0:0:0:0:1, 0:0:0:0:0:0:0:1",
    "64:ff9b::10.1.0.5, 64:ff9b:0:0:0:0:a01:5",
    "1:2:3:4:5:6:10.1.0.5, 1:2:3:4:5:6:a01:5",
    "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
    "fe80:0:0:0:0:0:0:1%3, fe80:0:0:0:0:0:0:1",
    "::ffff:10.1.0.5, 10.1.0.5",
    "::ffff:a01:5, 10.1.0.5"
  })
  void addressesAreReadInEachOfTheirSpellings(String text, String address) {
    assertThat(AddressLiteral.parse(text))
        .extracting(InetAddress::getHostAddress)
        .isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "orders.shop",
        "10.1.0",
        "10.1.0.5.6",
        "10.1.0.256",
        "10.1.0.05",
        "010.1.0.5",
        "10.1.0.5 ",
        " 10.1.0.5",
        "10.1..5",
        ".10.1.0.5",
        "10.1.0.5.",
        "0x0a.1.0.5",
        "167837701",
        "10.1.0.-5",
        "10.1.0.+5",
        "10.1.0.5:80",
        "10.1.0.5%eth0",
        "[::1]",
        "::1]",
        ":",
        ":::",
        "::1::",
        "1::2::3",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "g::",
        "::10.1.0",
        "::10.1.0.5:1",
        "::10.1.0.05",
        "1:2:3:4:5:6:7:10.1.0.5",
        "fe80::1%",
        "fe80::1%a b",
        "fe80::1%%",
        "::%:",
        "unknown",
        "null",
        "\u0661\u0660.1.0.5",
        "::\uff11"
      })
  void anythingElseIsNoAddressAndIsNeverLookedUp(String text) {
    assertThat(AddressLiteral.parse(text)).isNull();
  }

  @Test
  void aLongTextIsNoAddress() {
    assertThat(AddressLiteral.parse("fe80::1%" + "e".repeat(80))).isNull();
  }

  @Test
  void whatTheJdkWritesIsReadBack() throws UnknownHostException {
    Random random = random();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      InetAddress address = InetAddress.getByAddress(bytes);
      assertThat(AddressLiteral.parse(address.getHostAddress())).isEqualTo(address);
    }
  }

  @Test
  void anyTextIsReadOrRefused() {
    Random random = random();
    for (int i = 0; i < ROUNDS; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      read(text.toString());
    }
  }

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    read(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** What is an address for us is the same one for the JDK, which is not as strict. */
  private static void read(String text) {
    InetAddress address = AddressLiteral.parse(text);
    if (address == null) {
      return;
    }
    int zone = text.indexOf('%');
    try {
      assertThat(InetAddress.getByName(zone < 0 ? text : text.substring(0, zone)))
          .isEqualTo(address);
    } catch (UnknownHostException differs) {
      throw new AssertionError(text, differs);
    }
    assertThat(address).isInstanceOfAny(Inet4Address.class, Inet6Address.class);
  }

  private static Random random() {
    long seed = new SecureRandom().nextLong();
    System.out.println("AddressLiteralTest seed " + seed);
    return new Random(seed);
  }
}
