// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.common.EncryptionUtil;
import org.apache.kerby.kerberos.kerb.common.KrbUtil;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.identity.IdentityService;
import org.apache.kerby.kerberos.kerb.request.KrbIdentity;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncoding;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncodingType;
import org.apache.kerby.kerberos.kerb.type.kdc.EncAsRepPart;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;
import org.apache.kerby.kerberos.kerb.type.ticket.TgtTicket;
import org.apache.kerby.kerberos.kerb.type.ticket.Ticket;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlag;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlags;

/**
 * A ticket for any time of issue, as the authentication service gives it (RFC 4120 section 3.1):
 * sealed with the key of the service, which is the KDC itself for a ticket-granting ticket. Not
 * asked for by Kerby's client: that keeps the options of a request in enums, which all threads
 * share.
 */
record IssuedTicket(PrincipalName client, PrincipalName service, Instant issued, TicketLife life) {
  private static final EncryptionType SEALED_WITH = EncryptionType.AES256_CTS_HMAC_SHA1_96;

  static IssuedTicket granting(PrincipalName client, Instant issued, TicketLife life) {
    return new IssuedTicket(client, KrbUtil.makeTgsPrincipal(client.getRealm()), issued, life);
  }

  void writeTo(Path file, IdentityService principals) throws IOException, KrbException {
    var cache = new CredentialCache(ticket(principals));
    try (OutputStream out = Files.newOutputStream(file)) {
      cache.store(out);
    }
  }

  /** The ticket as the JDK keeps it in a subject. */
  KerberosTicket forJdk(IdentityService principals) throws KrbException {
    TgtTicket ticket = ticket(principals);
    EncryptionKey session = ticket.getSessionKey();
    return new KerberosTicket(
        KrbCodec.encode(ticket.getTicket()),
        new KerberosPrincipal(client.getName()),
        new KerberosPrincipal(service.getName()),
        session.getKeyData(),
        session.getKeyType().getValue(),
        null,
        after(0).getValue(),
        after(0).getValue(),
        after(life.validSeconds()).getValue(),
        null,
        null);
  }

  private TgtTicket ticket(IdentityService principals) throws KrbException {
    KrbIdentity opener = principals.getIdentity(service.getName());
    EncryptionKey session = EncryptionHandler.random2Key(SEALED_WITH);
    EncTicketPart inside = inside(session);
    var ticket = new Ticket();
    ticket.setSname(service);
    ticket.setRealm(service.getRealm());
    ticket.setEncPart(inside);
    ticket.setEncryptedEncPart(
        EncryptionUtil.seal(inside, opener.getKey(SEALED_WITH), KeyUsage.KDC_REP_TICKET));
    return new TgtTicket(ticket, shown(session), client);
  }

  /** What only the KDC reads (RFC 4120 section 5.3). */
  private EncTicketPart inside(EncryptionKey session) {
    var route = new TransitedEncoding();
    route.setTrType(TransitedEncodingType.DOMAIN_X500_COMPRESS);
    route.setContents(new byte[0]);
    var part = new EncTicketPart();
    part.setFlags(flags());
    part.setKey(session);
    part.setCrealm(client.getRealm());
    part.setCname(client);
    part.setTransited(route);
    part.setAuthTime(after(0));
    part.setStartTime(after(0));
    part.setEndTime(after(life.validSeconds()));
    if (life.isRenewable()) {
      part.setRenewtill(after(life.renewableSeconds()));
    }
    return part;
  }

  /** What the client is told of it (RFC 4120 section 5.4.2). */
  private EncAsRepPart shown(EncryptionKey session) {
    var part = new EncAsRepPart();
    part.setKey(session);
    part.setFlags(flags());
    part.setAuthTime(after(0));
    part.setStartTime(after(0));
    part.setEndTime(after(life.validSeconds()));
    if (life.isRenewable()) {
      part.setRenewTill(after(life.renewableSeconds()));
    }
    part.setSrealm(service.getRealm());
    part.setSname(service);
    return part;
  }

  private TicketFlags flags() {
    var flags = new TicketFlags();
    flags.setFlag(TicketFlag.INITIAL);
    flags.setFlag(TicketFlag.PRE_AUTH);
    if (life.isRenewable()) {
      flags.setFlag(TicketFlag.RENEWABLE);
    }
    return flags;
  }

  private KerberosTime after(int seconds) {
    return new KerberosTime(issued.getEpochSecond() * 1000 + seconds * 1000L);
  }
}
