// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApRequestTest {
  private static final byte[] PVNO = field(0, integer("05"));
  private static final byte[] TYPE = field(1, integer("0e"));
  private static final byte[] OPTIONS = field(2, Der.bytes("03 05 00 20 00 00 00"));
  private static final byte[] REALM = field(1, text("SHOP.EXAMPLE"));
  private static final byte[] SNAME = field(2, name("HTTP", "orders.shop"));
  private static final byte[] SEALED = sealed("02", "010203");
  private static final byte[] TICKET = ticket(PVNO, REALM, SNAME, field(3, SEALED));
  private static final byte[] AUTHENTICATOR = field(4, sealed("02", "04"));

  @Test
  void theCleartextOfTheTicketIsRead() throws RefusedTokenException {
    ApRequest read = read(request(PVNO, TYPE, OPTIONS, TICKET, AUTHENTICATOR));
    assertThat(read.service().decode()).hasToString("HTTP/orders.shop@SHOP.EXAMPLE");
    assertThat(read.ticket().etype()).isEqualTo(18);
    assertThat(read.ticket().kvno()).isEqualTo(OptionalLong.of(2));
    assertThat(read.ticket().cipher().copy()).containsExactly(1, 2, 3);
  }

  @Test
  void aVersionAbove31BitsIsReadHoweverItIsWritten() throws RefusedTokenException {
    for (String written : new String[] {"00 ff ff ff ff", "ff"}) {
      byte[] ticket = ticket(PVNO, REALM, SNAME, field(3, sealed(written, "01")));
      ApRequest read = read(request(PVNO, TYPE, OPTIONS, ticket, AUTHENTICATOR));
      assertThat(read.ticket().kvno()).isEqualTo(OptionalLong.of(0xffffffffL));
    }
  }

  @Test
  void otherVersionsAndTypesAreRefused() {
    refused(request(field(0, integer("04")), TYPE, OPTIONS, TICKET, AUTHENTICATOR));
    refused(request(PVNO, field(1, integer("0f")), OPTIONS, TICKET, AUTHENTICATOR));
    byte[] ticket = ticket(field(0, integer("04")), REALM, SNAME, field(3, SEALED));
    refused(request(PVNO, TYPE, OPTIONS, ticket, AUTHENTICATOR));
  }

  @Test
  void missingDoubledAndReorderedFieldsAreRefused() {
    refused(request(PVNO, TYPE, OPTIONS, TICKET));
    refused(request(PVNO, TYPE, OPTIONS, AUTHENTICATOR));
    refused(request(PVNO, TYPE, OPTIONS, TICKET, TICKET, AUTHENTICATOR));
    refused(request(TYPE, PVNO, OPTIONS, TICKET, AUTHENTICATOR));
    refused(request(PVNO, TYPE, OPTIONS, TICKET, AUTHENTICATOR, AUTHENTICATOR));
    refused(request(PVNO, TYPE, OPTIONS, ticket(PVNO, SNAME, REALM, field(3, SEALED)), TICKET));
  }

  @Test
  void bytesBehindTheRequestAreRefused() {
    refused(
        Der.join(request(PVNO, TYPE, OPTIONS, TICKET, AUTHENTICATOR), Der.tlv(0x04, new byte[1])));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00 05", "ff ff", "01 00 00 00 00 00", "01 00 00 00 00"})
  void numbersThatAreNotMinimalOrTooWideAreRefused(String written) {
    refused(request(field(0, integer(written)), TYPE, OPTIONS, TICKET, AUTHENTICATOR));
  }

  @Test
  void aNameOfTooManyComponentsIsRefused() {
    String[] many = new String[17];
    Arrays.fill(many, "x");
    byte[] ticket = ticket(PVNO, REALM, field(2, name(many)), field(3, SEALED));
    refused(request(PVNO, TYPE, OPTIONS, ticket, AUTHENTICATOR));
  }

  @Test
  void optionsAre32Bits() {
    refused(request(PVNO, TYPE, field(2, Der.bytes("03 02 00 20")), TICKET, AUTHENTICATOR));
    refused(
        request(PVNO, TYPE, field(2, Der.bytes("03 05 01 20 00 00 00")), TICKET, AUTHENTICATOR));
  }

  private static ApRequest read(byte[] request) throws RefusedTokenException {
    return ApRequest.read(Octets.of(request));
  }

  private static void refused(byte[] request) {
    assertThatThrownBy(() -> read(request))
        .isInstanceOfSatisfying(
            RefusedTokenException.class, refused -> assertThat(refused.reason()).isEmpty());
  }

  private static byte[] request(byte[]... fields) {
    return Der.tlv(0x6e, Der.tlv(0x30, fields));
  }

  private static byte[] ticket(byte[]... fields) {
    return field(3, Der.tlv(0x61, Der.tlv(0x30, fields)));
  }

  private static byte[] sealed(String kvno, String cipher) {
    return Der.tlv(
        0x30,
        field(0, integer("12")),
        field(1, integer(kvno)),
        field(2, Der.tlv(0x04, Der.bytes(cipher))));
  }

  private static byte[] name(String... components) {
    byte[][] strings = new byte[components.length][];
    for (int i = 0; i < components.length; i++) {
      strings[i] = text(components[i]);
    }
    return Der.tlv(0x30, field(0, integer("02")), field(1, Der.tlv(0x30, strings)));
  }

  private static byte[] text(String text) {
    return Der.tlv(0x1b, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] integer(String hex) {
    return Der.tlv(0x02, Der.bytes(hex));
  }

  private static byte[] field(int number, byte[] content) {
    return Der.tlv(0xa0 | number, content);
  }
}
