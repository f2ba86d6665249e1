// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.MALFORMED;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.Extensions;
import dev.serviceidentity.mtls.der.MalformedDerException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate may be used for, read from the extensions' own bytes: parsers of certificates
 * drop a non-critical extension that they cannot parse, each another one, and a certificate with a
 * broken restriction would look like one without. Malformed is refused, critical or not.
 *
 * @param keyUsage the bits of RFC 5280 section 4.2.1.3, the first one as 0x8000; null if there is
 *     no such extension
 * @param purposes the extended key usage (section 4.2.1.12), each identifier as its encoding in
 *     hexadecimal digits; null if there is no such extension
 * @param authority what the basic constraints say (section 4.2.1.9)
 */
record Usages(@Nullable Integer keyUsage, @Nullable List<String> purposes, boolean authority) {
  static final String KEY_USAGE = "2.5.29.15";
  static final String BASIC_CONSTRAINTS = "2.5.29.19";
  static final String EXTENDED_KEY_USAGE = "2.5.29.37";

  // Bits of the key usage.
  static final int DIGITAL_SIGNATURE = 0x8000;
  static final int KEY_CERT_SIGN = 0x0400;
  static final int CRL_SIGN = 0x0200;

  /** Nine bits are defined. */
  private static final int MOST_USAGE_BYTES = 2;

  private static final int MOST_PURPOSES = 64;

  /** How one extension's value is read. */
  private interface Reading<T> {
    T of(DerReader value) throws MalformedDerException;
  }

  static Usages of(X509Certificate certificate) throws RefusedCertificateException {
    try {
      Extensions.requireEachOnce(certificate);
      return parse(id -> Extensions.value(certificate, id));
    } catch (MalformedDerException e) {
      throw new RefusedCertificateException(
          MALFORMED, "A certificate is malformed: " + e.getMessage());
    }
  }

  /** Reads the values of extensions, each with the OCTET STRING around it, by their identifiers. */
  static Usages parse(Function<String, byte @Nullable []> extensions) throws MalformedDerException {
    Boolean authority = read(extensions, BASIC_CONSTRAINTS, Usages::authority);
    return new Usages(
        read(extensions, KEY_USAGE, Usages::bits),
        read(extensions, EXTENDED_KEY_USAGE, Usages::purposes),
        Boolean.TRUE.equals(authority));
  }

  /** Tells whether the key usage has a bit, or is not there at all. */
  boolean permits(int bit) {
    return keyUsage == null || (keyUsage & bit) != 0;
  }

  private static <T> @Nullable T read(
      Function<String, byte @Nullable []> extensions, String id, Reading<T> reading)
      throws MalformedDerException {
    byte[] extension = extensions.apply(id);
    if (extension == null) {
      return null;
    }
    try {
      var outer = new DerReader(extension);
      DerReader octets = outer.enter(DerReader.OCTET_STRING);
      outer.end();
      T read = reading.of(octets);
      octets.end();
      return read;
    } catch (MalformedDerException e) {
      throw new MalformedDerException("of the extension " + id + " " + e.getMessage());
    }
  }

  private static int bits(DerReader value) throws MalformedDerException {
    byte[] string = value.content(DerReader.BIT_STRING);
    if (string.length < 2 || string.length > 1 + MOST_USAGE_BYTES) {
      throw new MalformedDerException("it has " + string.length + " bytes");
    }
    int unused = string[0];
    int last = string[string.length - 1];
    if (unused < 0 || unused >= Byte.SIZE || (last & ((1 << unused) - 1)) != 0) {
      throw new MalformedDerException("bits that do not count are set");
    }
    int second = string.length > 2 ? string[2] & 0xff : 0;
    return (string[1] & 0xff) << Byte.SIZE | second;
  }

  private static List<String> purposes(DerReader value) throws MalformedDerException {
    DerReader sequence = value.enter(DerReader.SEQUENCE);
    var purposes = new ArrayList<String>();
    while (sequence.hasMore()) {
      purposes.add(identifier(sequence.content(DerReader.OBJECT_IDENTIFIER)));
      if (purposes.size() > MOST_PURPOSES) {
        throw new MalformedDerException("it has over " + MOST_PURPOSES + " purposes");
      }
    }
    if (purposes.isEmpty()) {
      throw new MalformedDerException("it has no purpose");
    }
    return List.copyOf(purposes);
  }

  /** Each number in base 128 without leading zeros, and a last byte that ends it (X.690, 8.19). */
  private static String identifier(byte[] encoded) throws MalformedDerException {
    boolean starts = true;
    for (byte octet : encoded) {
      if (starts && octet == (byte) 0x80) {
        throw new MalformedDerException("an object identifier is not in its shortest form");
      }
      starts = octet >= 0;
    }
    if (!starts || encoded.length == 0) {
      throw new MalformedDerException("an object identifier is cut off");
    }
    return HexFormat.of().formatHex(encoded);
  }

  private static boolean authority(DerReader value) throws MalformedDerException {
    DerReader sequence = value.enter(DerReader.SEQUENCE);
    boolean authority = false;
    if (sequence.hasMore() && sequence.tag() == DerReader.BOOLEAN) {
      byte[] flag = sequence.content(DerReader.BOOLEAN);
      // FALSE should be left out; some authorities write it.
      if (flag.length != 1 || (flag[0] != 0 && flag[0] != (byte) 0xff)) {
        throw new MalformedDerException("cA is neither TRUE nor FALSE");
      }
      authority = flag[0] != 0;
    }
    if (sequence.hasMore()) {
      pathLength(sequence.content(DerReader.INTEGER));
    }
    sequence.end();
    return authority;
  }

  private static void pathLength(byte[] number) throws MalformedDerException {
    boolean padded = number.length > 1 && number[0] == 0 && number[1] >= 0;
    if (number.length == 0 || number[0] < 0 || padded) {
      throw new MalformedDerException("the path length is no number from 0 in its shortest form");
    }
  }
}
