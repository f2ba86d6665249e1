// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MALFORMED_FIELD;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.TOO_MANY_ELEMENTS;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads {@code Client-Cert} and {@code Client-Cert-Chain} (RFC 9440 section 2): byte sequences of
 * structured fields (RFC 8941 section 3.3.5). The base64 must be the one that a writer makes, so
 * that no two texts are the same bytes; RFC 9440 defines no parameters, and none are taken.
 */
final class ClientCertReader {
  private static final int MOST_CERTIFICATES = 32;

  private ClientCertReader() {}

  static byte[] certificate(String value) throws RefusedHeaderException {
    HeaderText.check(value);
    return bytes(HeaderText.trimmed(value));
  }

  /** A list may be spread over several lines (RFC 9440 section 2.3). */
  static List<byte[]> chain(List<String> lines) throws RefusedHeaderException {
    String value = String.join(",", lines);
    HeaderText.check(value);
    String[] members = value.split(",", MOST_CERTIFICATES + 1);
    require(
        members.length <= MOST_CERTIFICATES,
        TOO_MANY_ELEMENTS,
        "Client-Cert-Chain has over 32 members");
    var chain = new ArrayList<byte[]>();
    for (String member : members) {
      chain.add(bytes(HeaderText.trimmed(member)));
    }
    return chain;
  }

  private static byte[] bytes(String item) throws RefusedHeaderException {
    require(
        item.length() > 2 && item.startsWith(":") && item.endsWith(":"),
        MALFORMED_FIELD,
        "A certificate stands between two colons");
    String base64 = item.substring(1, item.length() - 1);
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      require(
          Base64.getEncoder().encodeToString(bytes).equals(base64),
          MALFORMED_FIELD,
          "The base64 is not padded as it must be");
      return bytes;
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedHeaderException(MALFORMED_FIELD, "Between the colons is no base64");
    }
  }
}
