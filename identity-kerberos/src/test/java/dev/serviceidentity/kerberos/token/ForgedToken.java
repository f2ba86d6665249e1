// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.token.ForgedMessage.flags;
import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.token.ForgedMessage.key;
import static dev.serviceidentity.kerberos.token.ForgedMessage.name;
import static dev.serviceidentity.kerberos.token.ForgedMessage.octets;
import static dev.serviceidentity.kerberos.token.ForgedMessage.text;
import static dev.serviceidentity.kerberos.token.ForgedMessage.time;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;

/**
 * A token made by somebody who has the service's key, as a KDC has, and who does as the test says.
 * It is sealed by another library than the one that is tested, where that knows the type.
 */
public final class ForgedToken {
  public static final int MUTUAL = 0x20000000;
  static final byte[] TOKEN_ID = {1, 0};

  private static final DateTimeFormatter KERBEROS_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final RandomOctets RANDOM = new RandomOctets(new SecureRandom());

  public final ForgedMessage request = new ForgedMessage();
  public final ForgedMessage ticket = new ForgedMessage();
  public final ForgedMessage contents = new ForgedMessage();
  public final ForgedMessage authenticator = new ForgedMessage();

  private final KeytabEntry service;
  private final Instant now;

  private int sessionType;
  private byte[] session;
  private int ticketType;
  private byte[] kvno;
  private byte[] authenticatorKvno;
  private int authenticatorType;
  private byte[] checksum;
  private KeyUsage ticketUsage = KeyUsage.KDC_REP_TICKET;
  private KeyUsage authenticatorUsage = KeyUsage.AP_REQ_AUTH;
  private UnaryOperator<byte[]> plainTicket = UnaryOperator.identity();
  private UnaryOperator<byte[]> plainAuthenticator = UnaryOperator.identity();
  private UnaryOperator<byte[]> sealedTicket = UnaryOperator.identity();
  private UnaryOperator<byte[]> sealedAuthenticator = UnaryOperator.identity();
  private UnaryOperator<byte[]> wholeRequest = UnaryOperator.identity();
  private byte[] ticketCipher = new byte[0];
  private byte[] mechanism = Der.KRB5;
  private byte[] tokenId = TOKEN_ID;

  /** A token that a service with that key accepts at that time. */
  public ForgedToken(KeytabEntry service, Instant now) {
    this.service = service;
    this.now = now;
    this.ticketType = service.etype();
    this.kvno = integer(service.kvno());
    session(18);
    String realm = service.principal().realm();
    String[] components = service.principal().components().toArray(String[]::new);
    request.set(0, integer(5)).set(1, integer(14)).set(2, flags(MUTUAL));
    ticket.set(0, integer(5)).set(1, text(realm)).set(2, name(components));
    contents.set(0, flags(0)).set(2, text(realm));
    contents.set(4, new ForgedMessage().set(0, integer(1)).set(1, octets(new byte[0])).der());
    authenticator.set(0, integer(5)).set(1, text(realm)).set(7, integer(1));
    client("alice");
    checksum(checksum(16, new byte[16], 2));
    valid(Duration.ofHours(-1), Duration.ofHours(1));
    sent(Duration.ZERO);
  }

  public ForgedToken client(String... components) {
    contents.set(3, name(components));
    return sentBy(components);
  }

  public ForgedToken sentBy(String... components) {
    authenticator.set(2, name(components));
    return this;
  }

  public ForgedToken realm(String ofClient) {
    contents.set(2, text(ofClient));
    authenticator.set(1, text(ofClient));
    return this;
  }

  public ForgedToken valid(Duration fromNow, Duration untilFromNow) {
    contents.set(5, time(now.plus(fromNow))).set(6, time(now.plus(fromNow)));
    contents.set(7, time(now.plus(untilFromNow)));
    return this;
  }

  public ForgedToken sent(Duration fromNow) {
    Instant sent = now.plus(fromNow);
    authenticator.set(4, integer(sent.getNano() / 1000)).set(5, time(sent));
    return this;
  }

  public ForgedToken ticketFlags(int flags) {
    contents.set(0, flags(flags));
    return this;
  }

  /** The ap-options, of which only the mutual one has a counterpart that is authenticated. */
  public ForgedToken options(int options) {
    request.set(2, flags(options));
    return this;
  }

  /** Neither asks for a proof of the service. */
  public ForgedToken notMutual() {
    return options(0).checksum(checksum(16, new byte[16], 0));
  }

  public ForgedToken from(InetAddress address) {
    int type = address.getAddress().length == 4 ? 2 : 24;
    byte[] one =
        new ForgedMessage().set(0, integer(type)).set(1, octets(address.getAddress())).der();
    contents.set(9, Der.tlv(0x30, one));
    return this;
  }

  public ForgedToken session(int etype) {
    return session(etype, filled(KeyType.of(etype).map(KeyType::keyLength).orElse(16), 7));
  }

  public ForgedToken session(int etype, byte[] key) {
    this.sessionType = etype;
    this.authenticatorType = etype;
    this.session = key;
    contents.set(1, key(etype, key));
    return this;
  }

  /** The checksum of the GSS-API. */
  public ForgedToken checksum(byte[] content) {
    this.checksum = content;
    return checksum(0x8003, content);
  }

  public ForgedToken checksum(int type, byte[] content) {
    authenticator.set(3, new ForgedMessage().set(0, integer(type)).set(1, octets(content)).der());
    return this;
  }

  public ForgedToken bindings(byte[] hash) {
    ByteBuffer.wrap(checksum).put(4, hash);
    return checksum(checksum);
  }

  public ForgedToken kvno(long number) {
    this.kvno = integer(number);
    return this;
  }

  public ForgedToken withoutKvno() {
    this.kvno = null;
    return this;
  }

  /** What stands for the version of the session key, which has none. */
  public ForgedToken authenticatorKvno(byte[] number) {
    this.authenticatorKvno = number;
    return this;
  }

  /** What the ticket says that it is sealed with. */
  public ForgedToken ticketType(int etype) {
    this.ticketType = etype;
    return this;
  }

  public ForgedToken authenticatorType(int etype) {
    this.authenticatorType = etype;
    return this;
  }

  public ForgedToken ticketUsage(KeyUsage usage) {
    this.ticketUsage = usage;
    return this;
  }

  public ForgedToken authenticatorUsage(KeyUsage usage) {
    this.authenticatorUsage = usage;
    return this;
  }

  /** Changes what is sealed into the ticket. */
  public ForgedToken plainTicket(UnaryOperator<byte[]> change) {
    this.plainTicket = change;
    return this;
  }

  /** Changes what is sealed into the authenticator. */
  public ForgedToken plainAuthenticator(UnaryOperator<byte[]> change) {
    this.plainAuthenticator = change;
    return this;
  }

  public ForgedToken sealedTicket(UnaryOperator<byte[]> change) {
    this.sealedTicket = change;
    return this;
  }

  public ForgedToken sealedAuthenticator(UnaryOperator<byte[]> change) {
    this.sealedAuthenticator = change;
    return this;
  }

  public ForgedToken wholeRequest(UnaryOperator<byte[]> change) {
    this.wholeRequest = change;
    return this;
  }

  public ForgedToken mechanism(byte[] oid) {
    this.mechanism = oid;
    return this;
  }

  public ForgedToken tokenId(int first, int second) {
    this.tokenId = new byte[] {(byte) first, (byte) second};
    return this;
  }

  /** The ticket's ciphertext in the token that was made last. */
  public byte[] ticketCipher() {
    return ticketCipher;
  }

  public KeytabEntry service() {
    return service;
  }

  public ProtocolKey session() {
    return ForgedMic.key(sessionType, session);
  }

  /** The bare Kerberos token (RFC 4121 section 4.1). */
  public byte[] bytes() {
    return frame(sealed());
  }

  /** Its ticket, as alice has it. */
  public Ticket held() {
    sealed();
    PrincipalName alice = new PrincipalName(List.of("alice"), service.principal().realm());
    var life = new Ticket.Life(now, now.minusSeconds(3600), now.plusSeconds(3600), null);
    byte[] der = Der.tlv(0x61, ticket.der());
    return new Ticket(alice, service.principal(), der, session(), Set.of(), life);
  }

  /** The AP-REQ with its ticket and authenticator sealed anew. */
  public byte[] sealed() {
    byte[] ticketPart = plainTicket.apply(Der.tlv(0x63, contents.der()));
    byte[] sealed = seal(service.etype(), service.key(), ticketUsage, ticketPart);
    ticketCipher = sealedTicket.apply(sealed);
    ticket.set(3, part(ticketType, kvno, ticketCipher));
    request.set(3, Der.tlv(0x61, ticket.der()));
    byte[] authenticatorPart = plainAuthenticator.apply(Der.tlv(0x62, authenticator.der()));
    sealed = seal(sessionType, session, authenticatorUsage, authenticatorPart);
    request.set(4, part(authenticatorType, authenticatorKvno, sealedAuthenticator.apply(sealed)));
    return wholeRequest.apply(Der.tlv(0x6e, request.der()));
  }

  /** Puts an AP-REQ into the frame of the mechanism. */
  public byte[] frame(byte[] apRequest) {
    return Der.tlv(0x60, mechanism, tokenId, apRequest);
  }

  public static byte[] checksum(int length, byte[] bindings, int flags) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .put(bindings)
        .putInt(20, flags)
        .array();
  }

  public static byte[] time(Instant instant) {
    return ForgedMessage.time(KERBEROS_TIME.format(instant));
  }

  public static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static byte[] part(int etype, byte[] kvno, byte[] cipher) {
    var part = new ForgedMessage().set(0, integer(etype)).set(2, octets(cipher));
    return kvno == null ? part.der() : part.set(1, kvno).der();
  }

  private static byte[] seal(int etype, byte[] key, KeyUsage usage, byte[] plain) {
    if (etype == 19 || etype == 20) {
      // Kerby lacks RFC 8009; the vectors of the RFC and the JDK stand for an independent witness.
      return ForgedMic.key(etype, key).seal(own(usage), plain, RANDOM);
    }
    try {
      return EncryptionHandler.encrypt(
              plain, new EncryptionKey(EncryptionType.fromValue(etype), key), usage)
          .getCipher();
    } catch (KrbException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static dev.serviceidentity.kerberos.crypto.KeyUsage own(KeyUsage usage) {
    return switch (usage) {
      case KDC_REP_TICKET -> dev.serviceidentity.kerberos.crypto.KeyUsage.TICKET;
      case AP_REQ_AUTH -> dev.serviceidentity.kerberos.crypto.KeyUsage.AUTHENTICATOR;
      case AP_REP_ENCPART -> dev.serviceidentity.kerberos.crypto.KeyUsage.AP_REPLY;
      default -> throw new IllegalArgumentException("Nobody has needed " + usage + " yet");
    };
  }
}
