// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Answers as a KDC that has the client's key gives them, right unless a test spoils a field. */
final class ForgedReply {
  static final PrincipalName CLIENT = PrincipalName.parse("orders@SHOP.EXAMPLE");
  static final PrincipalName GRANTING = PrincipalName.parse("krbtgt/SHOP.EXAMPLE@SHOP.EXAMPLE");
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final ProtocolKey KEY = new ProtocolKey(KeyType.AES256_SHA1, new byte[32], new Workshop());
  static final ProtocolKey OTHER =
      new ProtocolKey(
          KeyType.AES256_SHA1,
          "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
          new Workshop());
  static final RandomOctets RANDOM = new RandomOctets(new SecureRandom());

  int pvno = 5;
  int type = KdcReply.OF_AS;
  int application = KdcReply.OF_AS;
  int content = 25;
  PrincipalName client = CLIENT;
  PrincipalName service = GRANTING;
  PrincipalName inTicket = GRANTING;
  int ticketVersion = 5;
  int sealedType = 18;
  int sealedVersion = 2;
  ProtocolKey key = KEY;
  KeyUsage usage = KeyUsage.AS_REPLY;
  int sessionType = 18;
  byte[] session = new byte[32];
  long nonce;
  int flags = 1 << (31 - TicketFlag.INITIAL.bit());
  Instant authenticated = NOW;
  Instant start = NOW;
  Instant end = NOW.plusSeconds(3600);
  byte[] after = {};
  boolean isBound;

  /** The keys of the client that the answers are for. */
  static ClientKeys keys(ProtocolKey... others) {
    var held = new HashMap<>(Map.of(KEY.type(), KEY));
    Stream.of(others).forEach(key -> held.put(key.type(), key));
    return new ClientKeys() {
      @Override
      public Optional<ProtocolKey> key(KeyType type) {
        return Optional.ofNullable(held.get(type));
      }

      @Override
      public Set<KeyType> types() {
        return held.keySet();
      }
    };
  }

  /** An answer to a request. */
  static byte[] to(byte[] request, Consumer<ForgedReply> spoil) {
    var reply = new ForgedReply();
    reply.nonce = nonce(request);
    spoil.accept(reply);
    return reply.bytes();
  }

  static byte[] error(int code, Instant time, byte[] data) {
    var out = new TokenWriter(64);
    if (data.length > 0) {
      out.field(12, TokenReader.OCTET_STRING, data);
    }
    out.field(11, TokenReader.GENERAL_STRING, new byte[] {'n', 'o', '\n'});
    Fields.name(out, 10, GRANTING);
    Fields.realm(out, 9, GRANTING);
    return out.integer(6, code)
        .integer(5, 0)
        .field(4, TokenReader.GENERALIZED_TIME, KerberosTime.text(time.getEpochSecond()))
        .integer(1, KdcError.TYPE)
        .integer(0, 5)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(KdcError.TYPE), 0)
        .bytes();
  }

  /** KDC_ERR_PREAUTH_REQUIRED of a KDC that has keys of some types. */
  static byte[] wants(int... etypes) {
    var info = new TokenWriter(64);
    for (int i = etypes.length - 1; i >= 0; i--) {
      int since = info.size();
      info.integer(0, etypes[i]).wrap(TokenReader.SEQUENCE, since);
    }
    var data = new TokenWriter(64);
    new PaData(19, Octets.of(info.wrap(TokenReader.SEQUENCE, 0).bytes())).write(data);
    new PaData(2, Octets.of(new byte[0])).write(data);
    return error(25, NOW, data.wrap(TokenReader.SEQUENCE, 0).bytes());
  }

  /** Sealed with the session key, which our logins have made of zeros, as the client's key is. */
  void ofTgs() {
    type = KdcReply.OF_TGS;
    application = KdcReply.OF_TGS;
    content = 26;
    usage = KeyUsage.TGS_REPLY;
  }

  private static long nonce(byte[] request) {
    try {
      var in = new TokenReader(request);
      in.enter(in.nextIs(TokenReader.application(10)) ? 0x6a : 0x6c, "request");
      in.enter(TokenReader.SEQUENCE, "request");
      in.skip(1, TokenReader.INTEGER, "pvno");
      in.skip(2, TokenReader.INTEGER, "type");
      if (in.nextIs(TokenReader.context(3))) {
        in.skip(3, TokenReader.SEQUENCE, "padata");
      }
      in.enterField(4, TokenReader.SEQUENCE, "body");
      while (!in.nextIs(TokenReader.context(7))) {
        for (int number = 0; number < 7; number++) {
          if (in.nextIs(TokenReader.context(number))) {
            in.value(TokenReader.context(number), "field");
          }
        }
      }
      return in.integer(7, "nonce");
    } catch (RefusedTokenException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  byte[] bytes() {
    byte[] cipher = key.seal(usage, content(), RANDOM);
    var out = new TokenWriter(512);
    out.field(2, TokenReader.OCTET_STRING, cipher)
        .integer(1, sealedVersion)
        .integer(0, sealedType)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(6), 0);
    int since = out.size();
    out.raw(ticket()).wrap(TokenReader.context(5), since);
    Fields.name(out, 4, client);
    Fields.realm(out, 3, client);
    out.integer(1, type).integer(0, pvno);
    byte[] whole =
        out.wrap(TokenReader.SEQUENCE, 0).wrap(TokenReader.application(application), 0).bytes();
    return new TokenWriter(whole.length).raw(after).raw(whole).bytes();
  }

  private byte[] ticket() {
    var out = new TokenWriter(128);
    out.field(2, TokenReader.OCTET_STRING, new byte[40])
        .integer(0, 18)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(3), 0);
    Fields.name(out, 2, inTicket);
    Fields.realm(out, 1, inTicket);
    return out.integer(0, ticketVersion)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(1), 0)
        .bytes();
  }

  private byte[] content() {
    var out = new TokenWriter(256);
    if (isBound) {
      out.wrap(TokenReader.SEQUENCE, 0).wrap(TokenReader.context(11), 0);
    }
    Fields.name(out, 10, service);
    Fields.realm(out, 9, service);
    out.field(7, TokenReader.GENERALIZED_TIME, KerberosTime.text(end.getEpochSecond()));
    out.field(6, TokenReader.GENERALIZED_TIME, KerberosTime.text(start.getEpochSecond()));
    out.field(5, TokenReader.GENERALIZED_TIME, KerberosTime.text(authenticated.getEpochSecond()));
    Fields.flags(out, 4, flags);
    out.integer(2, nonce);
    int since = out.size();
    out.wrap(TokenReader.SEQUENCE, since).wrap(TokenReader.context(1), since);
    Fields.typed(out, 0, sessionType, session);
    return out.wrap(TokenReader.SEQUENCE, 0).wrap(TokenReader.application(content), 0).bytes();
  }
}
