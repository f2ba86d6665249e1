// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import dev.serviceidentity.identity.IdentityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * The public key of a certification request (RFC 2986, section 4.1), in DER as a
 * SubjectPublicKeyInfo.
 */
final class RequestedKey {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  private final byte[] der;

  private RequestedKey(byte[] der) {
    this.der = der;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is no request: whoever asks makes a wrong one
   */
  static RequestedKey of(byte[] request) {
    var reader = new Reader(request);
    if (reader.enter(SEQUENCE) != request.length) {
      throw none();
    }
    reader.enter(SEQUENCE);
    reader.at = reader.enter(INTEGER);
    reader.at = reader.enter(SEQUENCE);
    int start = reader.at;
    return new RequestedKey(Arrays.copyOfRange(request, start, reader.enter(SEQUENCE)));
  }

  /** Returns the chain, if its first certificate is for this key. */
  List<X509Certificate> checked(List<X509Certificate> chain) {
    if (!Arrays.equals(chain.get(0).getPublicKey().getEncoded(), der)) {
      throw new IdentityException(
          IdentityException.Code.REFUSED,
          "The signer answered with a certificate for another key than the request's; see its log");
    }
    return chain;
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException("That is no certification request of PKCS#10 in DER");
  }

  /** Goes through values in DER. */
  private static final class Reader {
    private static final int LONG_FORM = 0x80;
    private static final int MOST_LENGTH_BYTES = 3;
    private static final int BYTE = 0xff;

    private final byte[] bytes;
    private int at;

    private Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Goes to the contents of the next value, and returns where they end. */
    private int enter(int tag) {
      if (next() != tag) {
        throw none();
      }
      int length = next();
      if (length >= LONG_FORM) {
        length = length(length - LONG_FORM);
      }
      if (length > bytes.length - at) {
        throw none();
      }
      return at + length;
    }

    private int length(int count) {
      if (count == 0 || count > MOST_LENGTH_BYTES) {
        throw none();
      }
      int length = 0;
      for (int i = 0; i < count; i++) {
        length = length << Byte.SIZE | next();
      }
      return length;
    }

    private int next() {
      if (at == bytes.length) {
        throw none();
      }
      return bytes[at++] & BYTE;
    }
  }
}
