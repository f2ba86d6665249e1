// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * A KDC and its clients in one: SPNEGO tokens as a client sends them, with a subkey and a sequence
 * number, made without any KDC because measuring takes hundreds of thousands of them.
 */
final class SyntheticCaller {
  static final String SERVICE = "HTTP/orders.shop";
  static final String REALM = "SHOP.EXAMPLE";

  /** A service's key as its keytab has it. */
  record ServiceSecret(KeyType type, byte[] key) {
    static ServiceSecret random(int etype) {
      KeyType type = KeyType.of(etype).orElseThrow();
      return new ServiceSecret(type, RANDOM.take(type.keyLength()));
    }

    /** A keytab of version 0x502 with this key as kvno 2. */
    byte[] keytab() {
      var entry = new ByteArrayOutputStream();
      entry.writeBytes(HexFormat.of().parseHex("0002"));
      for (String text : new String[] {REALM, "HTTP", "orders.shop"}) {
        entry.writeBytes(counted(ascii(text)));
      }
      int now = (int) Instant.now().getEpochSecond();
      entry.writeBytes(ByteBuffer.allocate(9).putInt(1).putInt(now).put((byte) 2).array());
      entry.writeBytes(ByteBuffer.allocate(2).putShort((short) type.number()).array());
      entry.writeBytes(counted(key));
      return ByteBuffer.allocate(6 + entry.size())
          .putShort((short) 0x502)
          .putInt(entry.size())
          .put(entry.toByteArray())
          .array();
    }
  }

  private static final DateTimeFormatter KERBEROS_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final RandomOctets RANDOM = new RandomOctets(new SecureRandom());
  private static final int MUTUAL = 0x20000000;
  private static final int SEQUENCE = 0x12345678;
  private static final byte[] KRB5 = tlv(6, HexFormat.of().parseHex("2a864886f712010202"));
  private static final byte[] SPNEGO = tlv(6, HexFormat.of().parseHex("2b0601050502"));

  private final ProtocolKey session;
  private final byte[] name;
  private final byte[] ticket;

  /** A client with a new ticket, whose session key is of the same type as the service's. */
  SyntheticCaller(int client, ServiceSecret service, Workshop workshop) {
    this.name = name("client-" + client);
    this.session = new ProtocolKey(service.type, RANDOM.take(service.type.keyLength()), workshop);
    Instant now = Instant.now();
    byte[] contents =
        sequence(
            field(0, flags(0)),
            field(1, key(session)),
            field(2, text(REALM)),
            field(3, name),
            field(4, sequence(field(0, integer(1)), field(1, tlv(4)))),
            field(5, time(now.minusSeconds(3600))),
            field(6, time(now.minusSeconds(3600))),
            field(7, time(now.plusSeconds(3600))));
    var kdc = new ProtocolKey(service.type, service.key, workshop);
    byte[] sealed = kdc.seal(KeyUsage.TICKET, tlv(0x63, contents), RANDOM);
    byte[] part =
        sequence(
            field(0, integer(service.type.number())),
            field(1, integer(2)),
            field(2, tlv(4, sealed)));
    this.ticket =
        tlv(
            0x61,
            sequence(
                field(0, integer(5)),
                field(1, text(REALM)),
                field(2, name("HTTP", "orders.shop")),
                field(3, part)));
  }

  /** The ticket as a client has it, with the number that it was made with. */
  Ticket heldBy(int client) {
    Instant now = Instant.now();
    return new Ticket(
        PrincipalName.parse("client-" + client + "@" + REALM),
        PrincipalName.parse(SERVICE + "@" + REALM),
        ticket,
        session,
        Set.of(),
        new Ticket.Life(now, now.minusSeconds(3600), now.plusSeconds(3600), null));
  }

  /** What a client wants to know of who answers. */
  enum Proof {
    /** Nothing: it has the answer to its request. */
    NONE,
    /** Mutual authentication, without a mechListMIC, as clients do whose first choice it is. */
    MUTUAL,
    /** Mutual authentication with a mechListMIC of its own, which makes the acceptor send one. */
    MUTUAL_WITH_MIC
  }

  /** A new token, sent at that time. */
  byte[] token(Instant sent, Proof proof, Workshop workshop) {
    boolean mutual = proof != Proof.NONE;
    var subkey = new ProtocolKey(session.type(), RANDOM.take(session.type().keyLength()), workshop);
    byte[] checksum =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(16)
            .putInt(20, mutual ? 2 : 0)
            .array();
    byte[] authenticator =
        sequence(
            field(0, integer(5)),
            field(1, text(REALM)),
            field(2, name),
            field(3, sequence(field(0, integer(0x8003)), field(1, tlv(4, checksum)))),
            field(4, integer(sent.getNano() / 1000)),
            field(5, time(sent)),
            field(6, key(subkey)),
            field(7, integer(SEQUENCE)));
    byte[] sealed = session.seal(KeyUsage.AUTHENTICATOR, tlv(0x62, authenticator), RANDOM);
    byte[] part = sequence(field(0, integer(session.type().number())), field(2, tlv(4, sealed)));
    byte[] request =
        sequence(
            field(0, integer(5)),
            field(1, integer(14)),
            field(2, flags(mutual ? MUTUAL : 0)),
            field(3, ticket),
            field(4, part));
    byte[] mechToken = tlv(0x60, KRB5, new byte[] {1, 0}, tlv(0x6e, request));
    byte[] list = tlv(0x30, KRB5);
    byte[] mic = proof == Proof.MUTUAL_WITH_MIC ? field(3, tlv(4, mic(subkey, list))) : new byte[0];
    byte[] init = sequence(field(0, list), field(2, tlv(4, mechToken)), mic);
    return tlv(0x60, SPNEGO, field(0, init));
  }

  /** The initiator's MIC (RFC 4121 section 4.2.6.1). */
  private static byte[] mic(ProtocolKey subkey, byte[] message) {
    byte[] header = HexFormat.of().parseHex("040400ffffffffff0000000012345678");
    byte[] covered = ByteBuffer.allocate(message.length + 16).put(message).put(header).array();
    byte[] checksum = subkey.checksum(KeyUsage.INITIATOR_SIGN, covered);
    return ByteBuffer.allocate(16 + checksum.length).put(header).put(checksum).array();
  }

  private static byte[] key(ProtocolKey key) {
    return sequence(field(0, integer(key.type().number())), field(1, tlv(4, key.bytes())));
  }

  private static byte[] name(String... components) {
    byte[][] texts = new byte[components.length][];
    for (int i = 0; i < components.length; i++) {
      texts[i] = text(components[i]);
    }
    return sequence(field(0, integer(1)), field(1, sequence(texts)));
  }

  private static byte[] text(String value) {
    return tlv(0x1b, ascii(value));
  }

  private static byte[] time(Instant value) {
    return tlv(0x18, ascii(KERBEROS_TIME.format(value)));
  }

  private static byte[] flags(int value) {
    return tlv(3, ByteBuffer.allocate(5).putInt(1, value).array());
  }

  private static byte[] integer(long value) {
    return tlv(2, BigInteger.valueOf(value).toByteArray());
  }

  private static byte[] sequence(byte[]... fields) {
    return tlv(0x30, fields);
  }

  private static byte[] field(int number, byte[] content) {
    return tlv(0xa0 | number, content);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] counted(byte[] content) {
    return ByteBuffer.allocate(2 + content.length)
        .putShort((short) content.length)
        .put(content)
        .array();
  }

  private static byte[] tlv(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteBuffer out = ByteBuffer.allocate(4 + length).put((byte) tag);
    if (length >= 0x100) {
      out.put((byte) 0x82).putShort((short) length);
    } else if (length >= 0x80) {
      out.put((byte) 0x81).put((byte) length);
    } else {
      out.put((byte) length);
    }
    for (byte[] content : contents) {
      out.put(content);
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
