// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.ap.ApOptions;
import org.apache.kerby.kerberos.kerb.type.ap.ApReq;
import org.apache.kerby.kerberos.kerb.type.ap.Authenticator;
import org.apache.kerby.kerberos.kerb.type.base.CheckSum;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.HostAddress;
import org.apache.kerby.kerberos.kerb.type.base.HostAddresses;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.NameType;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncoding;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncodingType;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;
import org.apache.kerby.kerberos.kerb.type.ticket.Ticket;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlags;

/**
 * A token made by somebody who has the service's key, as a KDC has, and who does as the test says:
 * by another library than the one that is tested.
 */
final class ForgedToken {
  private final KeytabEntry service;
  private final EncryptionKey session =
      new EncryptionKey(EncryptionType.AES256_CTS_HMAC_SHA1_96, filled(32, 7));
  private final Instant now = Instant.now();

  private List<String> client = List.of("alice");
  private List<String> authenticatorClient = List.of("alice");
  private Instant start = now.minus(Duration.ofHours(1));
  private Instant end = now.plus(Duration.ofHours(1));
  private Instant sent = now;
  private int ticketFlags;
  private int options = 0x20000000;
  private HostAddresses addresses;
  private Consumer<EncryptedData> sealedTicket = data -> {};
  private Consumer<byte[]> contentsChange = plain -> {};

  ForgedToken(KeytabEntry service) {
    this.service = service;
  }

  ForgedToken client(String... components) {
    this.client = List.of(components);
    this.authenticatorClient = client;
    return this;
  }

  ForgedToken sentBy(String... components) {
    this.authenticatorClient = List.of(components);
    return this;
  }

  ForgedToken valid(Duration fromNow, Duration untilFromNow) {
    this.start = now.plus(fromNow);
    this.end = now.plus(untilFromNow);
    return this;
  }

  ForgedToken sent(Duration fromNow) {
    this.sent = now.plus(fromNow);
    return this;
  }

  ForgedToken ticketFlags(int flags) {
    this.ticketFlags = flags;
    return this;
  }

  ForgedToken options(int flags) {
    this.options = flags;
    return this;
  }

  ForgedToken from(java.net.InetAddress address) {
    this.addresses = new HostAddresses();
    addresses.addElement(new HostAddress(address));
    return this;
  }

  ForgedToken sealedTicket(Consumer<EncryptedData> change) {
    this.sealedTicket = change;
    return this;
  }

  /** Writes another byte into the ticket where one stands that encoders accept. */
  ForgedToken replacing(char placeholder, int by) {
    this.contentsChange =
        plain -> {
          for (int i = 0; i < plain.length; i++) {
            plain[i] = plain[i] == placeholder ? (byte) by : plain[i];
          }
        };
    return this;
  }

  /** The bare Kerberos token (RFC 4121 section 4.1). */
  byte[] bytes() {
    try {
      byte[] request = KrbCodec.encode(request());
      byte[] oid = {0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x12, 1, 2, 2};
      byte[] inner =
          ByteBuffer.allocate(oid.length + 2 + request.length)
              .put(oid)
              .put((byte) 1)
              .put((byte) 0)
              .put(request)
              .array();
      return Der.tlv(0x60, inner);
    } catch (KrbException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private ApReq request() throws KrbException {
    var request = new ApReq();
    request.setApOptions(new ApOptions(options));
    request.setTicket(ticket());
    request.setEncryptedAuthenticator(
        EncryptionHandler.encrypt(KrbCodec.encode(authenticator()), session, KeyUsage.AP_REQ_AUTH));
    return request;
  }

  private Ticket ticket() throws KrbException {
    var key =
        new EncryptionKey(
            EncryptionType.fromValue(service.etype()), service.key(), (int) service.kvno());
    byte[] plain = KrbCodec.encode(contents());
    contentsChange.accept(plain);
    EncryptedData sealed = EncryptionHandler.encrypt(plain, key, KeyUsage.KDC_REP_TICKET);
    sealed.setKvno((int) service.kvno());
    sealedTicket.accept(sealed);
    var ticket = new Ticket();
    ticket.setSname(new PrincipalName(service.principal().components(), NameType.NT_PRINCIPAL));
    ticket.setRealm(service.principal().realm());
    ticket.setEncryptedEncPart(sealed);
    return ticket;
  }

  private EncTicketPart contents() {
    var part = new EncTicketPart();
    part.setFlags(new TicketFlags(ticketFlags));
    part.setKey(session);
    part.setCrealm(service.principal().realm());
    part.setCname(new PrincipalName(client, NameType.NT_PRINCIPAL));
    var transited = new TransitedEncoding();
    transited.setTrType(TransitedEncodingType.DOMAIN_X500_COMPRESS);
    transited.setContents(new byte[0]);
    part.setTransited(transited);
    part.setAuthTime(time(start));
    part.setStartTime(time(start));
    part.setEndTime(time(end));
    if (addresses != null) {
      part.setClientAddresses(addresses);
    }
    return part;
  }

  private Authenticator authenticator() {
    var authenticator = new Authenticator();
    authenticator.setAuthenticatorVno(5);
    authenticator.setCrealm(service.principal().realm());
    authenticator.setCname(new PrincipalName(authenticatorClient, NameType.NT_PRINCIPAL));
    // RFC 4121 section 4.1.1: length of the bindings, no bindings, flags (mutual is 2).
    int flags = (options & 0x20000000) == 0 ? 0 : 2;
    byte[] checksum =
        ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putInt(16).putInt(20, flags).array();
    authenticator.setCksum(new CheckSum(0x8003, checksum));
    authenticator.setCusec((int) (System.nanoTime() / 1000 % 1_000_000));
    authenticator.setCtime(time(sent));
    authenticator.setSeqNumber(1);
    return authenticator;
  }

  private static KerberosTime time(Instant instant) {
    return new KerberosTime(instant.getEpochSecond() * 1000);
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }
}
