// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import dev.serviceidentity.caller.Reason;

/**
 * Why what a trusted proxy passed on was refused. What is wrong with a forwarded certificate or
 * name itself has the reasons of {@code CertificateRejection}, as if its owner had shown it here.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert">x-forwarded-client-cert</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9440">RFC 9440</a>
 */
public enum ForwardedRejection implements Reason {
  /** A trusted proxy did not say for whom it calls; it is not itself the caller. */
  NOT_FORWARDED(
      "Let the proxy verify its client's certificate and pass it on in the header that is"
          + " configured for it; a proxy that calls for itself needs an identity of its own."),
  /** What a trusted proxy passed on is itself a trusted proxy, so that the caller is not known. */
  FORWARDED_PROXY(
      "Let only one proxy stand between a caller and this service, or let the inner one be the"
          + " trusted one and its callers those behind it."),
  /** Headers of two kinds: a proxy writes one of them, so somebody else wrote the other. */
  MIXED_HEADERS("Let the proxy remove the forwarding headers that it does not write itself."),
  /** Several lines of a field that is written once. */
  SEVERAL_LINES("Let the proxy replace the header instead of adding a second line."),
  /** A name with {@code _} that some servers take for the header's. */
  LOOKALIKE_NAME("Let the proxy drop header names with '_'."),
  /** {@code Connection} names the header, so that a proxy on the way would remove it. */
  NAMED_BY_CONNECTION("Let the proxy remove Connection and what it names before it forwards."),
  /** More than 16 KiB. */
  TOO_LARGE("Let the proxy pass on less: 16 KiB at most."),
  /** Several elements without {@code appending()}, over 32 with it, or over 32 pairs in one. */
  TOO_MANY_ELEMENTS(
      "Let the outermost proxy remove the header of its clients, and each set it anew (Envoy:"
          + " SANITIZE_SET); only appending() accepts several elements."),
  /** A control character, or one outside ASCII. */
  ILLEGAL_CHARACTER("Treat it as an attack unless the proxy is known to be broken."),
  /** A quoted value that does not end, or something behind its end. */
  MALFORMED_QUOTING("See the detail; the proxy must quote values as its documentation says."),
  /** An empty element, no {@code =}, or a reserved character outside quotes. */
  MALFORMED_ELEMENT("See the detail; the proxy must write Key=Value, quoted where needed."),
  /** A key that is unique is there twice. */
  REPEATED_KEY("Let the proxy write By, Hash, Cert, Chain and Subject once in an element."),
  /** There is no {@code By}: who wrote the element is not known. */
  BY_MISSING("Let the proxy write By, and set the header itself instead of only forwarding it."),
  /** {@code By} is not whom this element must be written by. */
  BY_OTHER(
      "Let the proxy set the header itself; if it ends TLS under another name than it"
          + " calls with, configure that name."),
  /** {@code Hash} is not 64 hexadecimal digits. */
  HASH_MALFORMED("Let the proxy write the SHA-256 of the certificate in hexadecimal digits."),
  /** {@code Hash} is not that of {@code Cert}. */
  HASH_DIFFERS("Treat it as an attack unless the proxy is known to be broken."),
  /** Percent-encoding that is malformed or done twice, or a plus sign for a space. */
  MALFORMED_ENCODING("Let the proxy encode the PEM once, as RFC 3986 says, its plus signs too."),
  /** The certificate cannot be read. */
  CERTIFICATE_UNREADABLE("Let the proxy pass on the client's certificate as it got it."),
  /** The first certificate of {@code Chain} is not {@code Cert}. */
  CHAIN_DIFFERS("Treat it as an attack unless the proxy is known to be broken."),
  /** There are intermediates without the certificate that they are for (RFC 9440 section 2.3). */
  CHAIN_WITHOUT_CERTIFICATE("Let the proxy write Client-Cert too, or neither."),
  /** Not the structured field that RFC 9440 section 2 defines. */
  MALFORMED_FIELD("Let the proxy write base64 between colons, without parameters."),
  /** The names beside the certificate are not those in it. */
  NAMES_DIFFER("Treat it as an attack unless the proxy is known to be broken."),
  /** Neither a certificate nor a name: a hash alone names nobody. */
  NO_NAME("Let the proxy pass on URI (Envoy: set_current_client_cert_details) or Cert.");

  private final String remedy;

  ForwardedRejection(String remedy) {
    this.remedy = remedy;
  }

  @Override
  public Kind kind() {
    return Kind.UNAUTHENTICATED;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
