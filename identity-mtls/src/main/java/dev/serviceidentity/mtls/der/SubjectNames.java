// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The URI and DNS names of a certificate's subject alternative name (RFC 5280 section 4.2.1.6),
 * read from the extension's own bytes: the JDK silently drops a non-critical one that it cannot
 * parse, and a certificate with a broken name would look like one without.
 *
 * @param uris the URI names in their order, one character for each byte
 * @param dnsNames the DNS names in their order, one character for each byte
 */
public record SubjectNames(List<String> uris, List<String> dnsNames) {
  public static final String EXTENSION = "2.5.29.17";

  private static final int MOST_BYTES = 16 * 1024;
  private static final int MOST_NAMES = 256;

  // The choices of GeneralName, by their context-specific tags.
  private static final int OTHER = 0xa0;
  private static final int EMAIL = 0x81;
  private static final int DNS = 0x82;
  private static final int X400 = 0xa3;
  private static final int DIRECTORY = 0xa4;
  private static final int EDI_PARTY = 0xa5;
  private static final int URI = 0x86;
  private static final int IP = 0x87;
  private static final int REGISTERED_ID = 0x88;

  /** Those of a certificate; none if it has no such extension. */
  public static SubjectNames of(X509Certificate certificate) throws MalformedDerException {
    byte[] extension = Extensions.value(certificate, EXTENSION);
    if (extension == null) {
      return new SubjectNames(List.of(), List.of());
    }
    return parse(extension);
  }

  /** Reads the extension's value with the OCTET STRING around it. */
  public static SubjectNames parse(byte[] extension) throws MalformedDerException {
    if (extension.length > MOST_BYTES) {
      throw new MalformedDerException("it is longer than " + MOST_BYTES + " bytes");
    }
    var outer = new DerReader(extension);
    DerReader octets = outer.enter(DerReader.OCTET_STRING);
    outer.end();
    DerReader names = octets.enter(DerReader.SEQUENCE);
    octets.end();
    return collect(names);
  }

  private static SubjectNames collect(DerReader names) throws MalformedDerException {
    var uris = new ArrayList<String>();
    var dnsNames = new ArrayList<String>();
    int count = 0;
    while (names.hasMore()) {
      if (++count > MOST_NAMES) {
        throw new MalformedDerException("it has more than " + MOST_NAMES + " names");
      }
      switch (names.tag()) {
        case URI -> uris.add(names.text(URI));
        case DNS -> dnsNames.add(names.text(DNS));
        case OTHER, EMAIL, X400, DIRECTORY, EDI_PARTY, IP, REGISTERED_ID -> names.skip();
        default -> throw new MalformedDerException("it has a name of no known kind");
      }
    }
    if (count == 0) {
      throw new MalformedDerException("it has no name");
    }
    return new SubjectNames(List.copyOf(uris), List.copyOf(dnsNames));
  }
}
