// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.Reason;

/**
 * Why a peer's certificate was refused. Each reason is one rule of RFC 5280, of the SPIFFE ID or
 * the X.509-SVID standard, or of the limits that this module sets.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID</a>
 */
public enum CertificateRejection implements Reason {
  /** More certificates than any honest chain has. */
  CHAIN_TOO_LONG("Send the leaf and its intermediates only, 10 certificates at most."),
  /** More bytes than any honest chain has. */
  CHAIN_TOO_LARGE("Send a chain of 64 KiB at most."),
  /** One certificate is in the chain twice. */
  CHAIN_REPEATS("Remove the repeated certificate from the chain file."),
  /** A certificate in the chain did not issue the one before it. */
  CHAIN_UNRELATED("Order the chain file leaf first, each followed by its issuer, nothing else."),
  /** The certificate cannot be read as RFC 5280 defines it. */
  MALFORMED("Have the certificate issued again by a conforming authority."),
  /** X.509 version 1 or 2, which knows no usable constraints. */
  NOT_VERSION_3("Have the certificate issued as X.509 version 3."),
  /** The serial number is zero or negative (RFC 5280 section 4.1.2.2). */
  SERIAL_NOT_POSITIVE("Let the authority issue positive serial numbers."),
  /** An extension is critical and not understood here (RFC 5280 section 4.2). */
  UNKNOWN_CRITICAL_EXTENSION("Issue the certificate without that extension, or not as critical."),
  /** Without subject the alternative name must be critical (RFC 5280 section 4.2.1.6). */
  EMPTY_SUBJECT_NEEDS_CRITICAL_NAME(
      "Mark the subject alternative name critical, or add a subject."),
  /** The subject alternative name is not the DER of RFC 5280 section 4.2.1.6. */
  NAME_MALFORMED("Have the certificate issued again by a conforming authority."),
  /** There is no URI name, so there is no SPIFFE ID (X.509-SVID section 2). */
  NO_URI_NAME("Issue the certificate with a SPIFFE ID, or choose dnsNames() for both ends."),
  /** There are several URI names, so it is not clear who it is (X.509-SVID section 2). */
  SEVERAL_URI_NAMES("Issue the certificate with exactly one URI name."),
  /** The URI does not start with {@code spiffe://} in lower case. */
  ID_SCHEME("Write the SPIFFE ID as spiffe://trust-domain/path."),
  /** The ID has a query (SPIFFE-ID section 2). */
  ID_QUERY("Remove '?' and what follows it from the SPIFFE ID."),
  /** The ID has a fragment (SPIFFE-ID section 2). */
  ID_FRAGMENT("Remove '#' and what follows it from the SPIFFE ID."),
  /** The ID has a port (SPIFFE-ID section 2.1). */
  ID_PORT("Remove the port from the SPIFFE ID."),
  /** The ID has user information (SPIFFE-ID section 2.1). */
  ID_USER_INFO("Remove the part before '@' from the SPIFFE ID."),
  /** The trust domain is empty or has a character other than a-z, 0-9, '.', '-', '_'. */
  ID_TRUST_DOMAIN("Write the trust domain in a-z, 0-9, '.', '-' and '_'."),
  /** The ID has percent-encoding (SPIFFE-ID section 2.2). */
  ID_PERCENT_ENCODING("Write the SPIFFE ID without '%'."),
  /** A path segment is empty, {@code .} or {@code ..} (SPIFFE-ID section 2.2). */
  ID_PATH_SEGMENT("Write the path without empty or dot segments and without a trailing slash."),
  /** The ID has a character that no SPIFFE ID has. */
  ID_CHARACTERS("Write path segments in letters, digits, '.', '-' and '_'."),
  /** The trust domain is over 255 or the ID over 2048 bytes (SPIFFE-ID section 2.3). */
  ID_TOO_LONG("Shorten the SPIFFE ID."),
  /** The ID has no path and so names an authority, not a workload (X.509-SVID section 4.1). */
  ID_WITHOUT_PATH("Issue workloads a SPIFFE ID with a path."),
  /** There is no DNS name. */
  NO_DNS_NAME("Issue the certificate with a DNS name."),
  /** There are several DNS names, so it is not clear who it is. */
  SEVERAL_DNS_NAMES("Issue the certificate with exactly one DNS name."),
  /** The URI name is not absolute, or a SPIFFE ID. */
  URI_NAME_INVALID("Issue the certificate with an absolute URI; SPIFFE IDs need no uriNames()."),
  /** The subject is empty or longer than a principal's name. */
  SUBJECT_INVALID("Issue the certificate with a subject of 1 to 2000 characters."),
  /** A proxy tells names of two kinds without the certificate: one may have written the other. */
  NAMES_OF_TWO_KINDS("Let the proxy pass on Cert, or names of the one kind that is identity."),
  /** The DNS name is not one full host name (RFC 1123), or is a wildcard. */
  DNS_NAME_INVALID("Issue the certificate with a full host name without wildcard."),
  /** The leaf is a certificate authority (X.509-SVID section 4.1). */
  LEAF_IS_CA("Issue workloads certificates with CA:FALSE."),
  /** The leaf may sign certificates (X.509-SVID section 4.3). */
  LEAF_SIGNS_CERTIFICATES("Issue workloads certificates without keyCertSign."),
  /** The leaf may sign revocation lists (X.509-SVID section 4.3). */
  LEAF_SIGNS_REVOCATIONS("Issue workloads certificates without cRLSign."),
  /** The leaf may not sign handshakes (X.509-SVID section 4.3). */
  NO_DIGITAL_SIGNATURE("Issue workloads certificates with key usage digitalSignature."),
  /** The key usage is not marked critical (X.509-SVID section 4.3). */
  KEY_USAGE_NOT_CRITICAL("Mark the key usage critical."),
  /** The extended key usage does not permit this use (X.509-SVID section 4.4). */
  EXTENDED_KEY_USAGE(
      "Issue the certificate with both clientAuth and serverAuth, or with neither; the one for its"
          + " end of TLS is enough where names are no SPIFFE IDs."),
  /** A signing certificate is no certificate authority. */
  SIGNER_NOT_CA("Let only certificates with CA:TRUE sign others."),
  /** A signing certificate may not sign certificates (X.509-SVID section 4.3). */
  SIGNER_KEY_USAGE("Issue authorities with key usage keyCertSign."),
  /** A signing certificate is for other purposes than this end of TLS. */
  SIGNER_PURPOSE(
      "Issue authorities for clientAuth and serverAuth, or without an extended key usage."),
  /** A signing certificate's SPIFFE ID has a path (X.509-SVID section 4.1). */
  SIGNER_HAS_PATH("Issue intermediates a SPIFFE ID without path, or none."),
  /** A signing certificate belongs to another trust domain than the leaf. */
  SIGNER_OF_OTHER_DOMAIN("Let each trust domain's own authority sign its workloads."),
  /** A key is too short, or of a kind that is not accepted. */
  WEAK_KEY("Use EC P-256, P-384 or P-521, Ed25519, or RSA of 2048 to 8192 bits."),
  /** A signature uses a hash or scheme that is not accepted. */
  WEAK_SIGNATURE("Sign with SHA-256, SHA-384, SHA-512 or Ed25519."),
  /** The leaf is past its end. */
  EXPIRED("See why the peer's certificate was not renewed; compare both clocks."),
  /** The leaf's validity has not begun. */
  NOT_YET_VALID("Compare the clocks of the peer, its authority and this host."),
  /** An intermediate is not valid now. */
  SIGNER_NOT_VALID_NOW("Renew the intermediate, and the chains that hold it."),
  /** The trust anchor itself has expired. */
  ANCHOR_EXPIRED("Replace the authority's root, and in ca.crt or wherever authorities are listed."),
  /** There is no trust bundle for the trust domain that the leaf claims. */
  UNKNOWN_TRUST_DOMAIN("Check which trust domain the peer belongs to."),
  /** No trust anchor of the leaf's trust domain has issued the chain. */
  UNTRUSTED_ISSUER(
      "Add the peer's authority to ca.crt, or wherever authorities are listed, if it is to be"
          + " trusted, and send intermediates."),
  /** A signature in the chain is wrong. */
  SIGNATURE_INVALID("Treat it as a forgery until an authority of the same name is found."),
  /** The leaf vouches for itself. */
  SELF_SIGNED("Have the certificate issued by the trust domain's authority."),
  /** The leaf itself is listed as a trust anchor. */
  LEAF_IS_ANCHOR(
      "List authorities only in ca.crt or wherever else, never a workload's certificate."),
  /** The chain is longer than an authority in it permits (RFC 5280 section 4.2.1.9). */
  PATH_LENGTH("Issue from an authority whose path length permits it."),
  /** A name is outside what an authority may issue (RFC 5280 section 4.2.1.10). */
  NAME_CONSTRAINTS("Issue from an authority that is permitted to give out this name."),
  /** An authority has revoked a certificate of the chain (RFC 5280 section 6.3). */
  REVOKED("See why it was revoked, and have another one issued for a new key."),
  /** Neither a revocation list nor a responder says whether a certificate is revoked. */
  REVOCATION_UNKNOWN(
      Kind.UNDECIDED,
      "Give lists(...) or ocsp(...) that are reachable and current, or use softFail()."),
  /** The session is older than RFC 5246 appendix F.1.4 allows. */
  SESSION_TOO_OLD("Let the client connect again; this connection ends."),
  /** The path breaks another rule of RFC 5280 section 6. */
  PATH_INVALID("See the detail, and have the chain issued again."),
  /** The server is valid but not one that this client expects. */
  SERVER_NOT_EXPECTED(
      Kind.FORBIDDEN,
      "Check the address that is called, or extend servers(...) by this one, or"
          + " federatedServers(...) if it is of another trust domain.");

  private final Kind kind;
  private final String remedy;

  CertificateRejection(String remedy) {
    this(Kind.UNAUTHENTICATED, remedy);
  }

  CertificateRejection(Kind kind, String remedy) {
    this.kind = kind;
    this.remedy = remedy;
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
