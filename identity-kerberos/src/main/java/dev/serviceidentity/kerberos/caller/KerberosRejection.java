// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.caller;

import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.kerberos.crypto.KeyType;

/** What is wrong with a caller's Kerberos token. */
public enum KerberosRejection implements Reason {
  /** The token is not strict base64, not DER, or not the messages of RFC 4178 and RFC 4120. */
  MALFORMED_TOKEN("Look for a proxy that changes headers, or a client that is not Kerberos."),
  /** The token is longer than 64 kB. */
  TOO_LARGE("Let the caller's account be in fewer groups, or leave the PAC out of its tickets."),
  /** The caller offers another mechanism than Kerberos, such as NTLM. */
  NOT_KERBEROS(
      "Let the caller log in to the realm and use the host name of the service principal; browsers"
          + " and Windows fall back to NTLM when they get no ticket."),
  /** The negotiation needs more than one token. */
  CONTINUATION_UNSUPPORTED(
      "Let the caller put Kerberos first in its list of mechanisms and send its token at once."),
  /** The ticket is for another service or realm. */
  WRONG_SERVICE(
      "Let the caller use the name of this service, or open this identity as the principal that it"
          + " uses."),
  /** The ticket was made with a key version that the keytab does not have. */
  KEYTAB_STALE("Write the service's current keys into the keytab, beside the old ones."),
  /** The keytab has no key of the ticket's encryption type. */
  NO_KEY("Write a keytab with all encryption types that the KDC has for this service."),
  /** The ticket does not open with the key of its version: another key, or changed on the way. */
  WRONG_KEY(
      "Compare the keytab with the KDC: a principal that was made anew counts its versions from 1"
          + " again."),
  /** A key of the ticket or the client is of a type that is retired, such as RC4. */
  WEAK_ENCRYPTION("Give the service principal AES keys in the KDC (RFC 8429) and a new keytab."),
  /** A key of the ticket or the client is of a type that this library does not have. */
  UNSUPPORTED_ENCRYPTION(
      "Let the KDC use encryption types 17 to 20 for this service (permitted_enctypes; kadmin:"
          + " cpw -randkey -e aes256-cts-hmac-sha1-96:normal, and a new keytab)."),
  /** The ticket is genuine, but what the caller added to it was changed on the way. */
  TAMPERED("Look for a proxy that changes headers; if there is none, treat it as an attack."),
  /** The same token was sent before. */
  REPLAYED("Make a new token for every request; if the caller does, treat it as an attack."),
  /** The ticket has expired. */
  TICKET_EXPIRED("Let the caller refresh its tickets."),
  /** The ticket is postdated, or marked invalid by the KDC. */
  TICKET_NOT_YET_VALID(
      "Compare this host's clock with the KDC's, it is probably behind; a postdated ticket"
          + " must be validated by the KDC."),
  /** The caller's clock and ours differ by more than is permitted. */
  CLOCK_SKEW("Synchronise the clocks of the caller and of this service."),
  /** The ticket is bound to addresses, and the request comes from another one. */
  WRONG_ADDRESS("Let the caller get tickets without addresses ('noaddresses = true')."),
  /** The ticket belongs to another principal than the one that sends it. */
  CLIENT_MISMATCH("Treat it as an attack: the sender holds a ticket that is not its own."),
  /** The ticket is for user-to-user authentication, which services do not offer. */
  USER_TO_USER("Let the caller use the service's own principal (RFC 4120 section 3.7)."),
  /** The ticket or authenticator demands that something be understood that is not. */
  CRITICAL_AUTHORIZATION_DATA(
      "Let the KDC or the client put that element into AD-IF-RELEVANT (RFC 4120 section 5.2.6)."),
  /** The client's realm is not trusted, or its ticket came by realms that the KDC did not check. */
  REALM_NOT_TRUSTED(
      "Name the realm with trustRealms(...) if its clients may call, and let the KDC check the"
          + " realms on the way (RFC 4120 section 2.7)."),
  /** The client proves that the KDC has let it in, and not who it is (RFC 8062). */
  ANONYMOUS("Let the caller log in as itself, without 'kinit -n'."),
  /** The token is not bound to a TLS connection, and must be. */
  CHANNEL_BINDING_MISSING(
      "Let the caller bind its token to the connection (tls-server-end-point, RFC 5929), and the"
          + " integration say which bindings are ours."),
  /** The token is bound to another TLS connection than the one that it came by. */
  CHANNEL_BINDING_MISMATCH(
      "Look for a proxy that ends TLS with another certificate; if there is none, treat it as an"
          + " attack."),
  /** The client's name cannot be written as a principal of this library. */
  UNSUPPORTED_NAME("Use client principals of visible ASCII."),
  /** Sent before the time whose tokens this service remembers: it may have been accepted before. */
  SENT_BEFORE_START(
      Kind.UNDECIDED,
      "Let the client try again with a new token; if that fails for long, its clock is behind, or"
          + " this service's was put back."),
  /** What remembers the tokens of all replicas is full or out of reach. */
  REPLAY_STORE_UNAVAILABLE(
      Kind.UNDECIDED, "See to the replay store; no token can be accepted without it."),
  /** Too many tokens of this client are being judged, or were accepted a short while ago. */
  OVER_QUOTA(
      Kind.UNDECIDED,
      "Let the client try again; if it is not simply busy, treat it as an attack on this service."),
  /** The JDK's Kerberos refused for a reason that has no name of its own here. */
  NOT_ACCEPTED("See the detail, and the JDK's log with -Dsun.security.krb5.debug=true.");

  private final Kind kind;
  private final String remedy;

  KerberosRejection(String remedy) {
    this(Kind.UNAUTHENTICATED, remedy);
  }

  KerberosRejection(Kind kind, String remedy) {
    this.kind = kind;
    this.remedy = remedy;
  }

  /**
   * Why a key of a type that is not accepted is not.
   *
   * @param etype its number, of a type that is not accepted
   * @return {@link #WEAK_ENCRYPTION} or {@link #UNSUPPORTED_ENCRYPTION}
   */
  public static KerberosRejection ofType(int etype) {
    return KeyType.isRetired(etype) ? WEAK_ENCRYPTION : UNSUPPORTED_ENCRYPTION;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
