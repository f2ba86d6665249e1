// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.TicketContents;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.Sha256;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * A ticket that one of our keys has opened, with what is made of it once. Holds the session key.
 */
public final class OpenTicket {
  private static final int FINGERPRINT_BYTES = 16;

  /** RFC 8062 section 3. */
  private static final List<String> ANONYMOUS = List.of("WELLKNOWN", "ANONYMOUS");

  private final ServiceKey key;
  private final Octets sealed;
  private final TicketContents contents;
  private final Caller caller;
  private final String clientText;

  private OpenTicket(ServiceKey key, Octets sealed, TicketContents contents, Caller caller) {
    this.key = key;
    this.sealed = sealed;
    this.contents = contents;
    this.caller = caller;
    this.clientText = caller.principal().toString();
  }

  static OpenTicket of(ServiceKey key, EncryptedPart part, TicketContents contents)
      throws RefusedTokenException {
    // The ciphertext is copied, so that a ticket that is kept does not keep its whole token.
    Octets sealed = Octets.of(part.cipher().copy());
    PrincipalName client = contents.client().decode();
    requireName(client, contents);
    Caller caller =
        Caller.of(principal(client), Instant.EPOCH, contents.expiresAt())
            .attribute("kerberos.auth-time", contents.authenticatedAt().toString())
            .attribute("kerberos.etype", KeyType.describe(part.etype()))
            .fingerprint(fingerprint(sealed));
    return new OpenTicket(key, sealed, contents, caller);
  }

  /** The key that has opened it. */
  ServiceKey key() {
    return key;
  }

  /** Its ciphertext, of which every byte is under the MAC. */
  Octets sealed() {
    return sealed;
  }

  /**
   * What the KDC says in it.
   *
   * @return its contents
   */
  public TicketContents contents() {
    return contents;
  }

  /**
   * Whose it is.
   *
   * @return the client
   */
  public PrincipalId client() {
    return caller.principal();
  }

  /** The client's principal as text. */
  String clientText() {
    return clientText;
  }

  /**
   * The client, who has just proven itself.
   *
   * @param now when it was accepted
   * @return the caller
   */
  public Caller caller(Instant now) {
    return caller.authenticatedAt(now);
  }

  /** Returns the client. */
  @Override
  public String toString() {
    return "OpenTicket[" + clientText + "]";
  }

  /** Nobody in particular is not a caller, in whatever realm (RFC 8062 section 4.2). */
  private static void requireName(PrincipalName client, TicketContents contents)
      throws RefusedTokenException {
    if (contents.isAnonymous() || client.components().equals(ANONYMOUS)) {
      throw new RefusedTokenException(
          KerberosRejection.ANONYMOUS,
          "the ticket is an anonymous one, for " + ForeignText.quote(client.toString()));
    }
  }

  private static PrincipalId principal(PrincipalName client) throws RefusedTokenException {
    try {
      return client.id();
    } catch (IllegalArgumentException unsupported) {
      throw new RefusedTokenException(
          KerberosRejection.UNSUPPORTED_NAME,
          "the client is called "
              + ForeignText.quote(client.toString())
              + ": "
              + unsupported.getMessage());
    }
  }

  /** The same for all uses of one ticket; the ciphertext it is made of gives nothing away. */
  private static String fingerprint(Octets sealed) {
    MessageDigest digest = Sha256.begun();
    digest.update(sealed.array(), sealed.offset(), sealed.length());
    return "ticket-sha256:" + HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
  }
}
