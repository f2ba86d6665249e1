// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM file (RFC 7468), read strictly: labels that match, base64 and nothing else
 * inside. Text between blocks is allowed, as authorities write names and comments there.
 */
final class PemBlock {
  private static final String DASHES = "-----";
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";

  private final String label;
  private final int line;
  private final byte[] der;

  private PemBlock(String label, int line, byte[] der) {
    this.label = label;
    this.line = line;
    this.der = der;
  }

  /**
   * Reads all blocks.
   *
   * @throws MalformedPemException naming the block and its line
   */
  static List<PemBlock> parse(String text) throws MalformedPemException {
    var blocks = new ArrayList<PemBlock>();
    List<String> lines = text.lines().map(String::stripTrailing).toList();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        int end = endOf(lines, at, blocks.size() + 1);
        blocks.add(block(lines, at, end, blocks.size() + 1));
        at = end;
      } else if (line.contains(DASHES)) {
        throw new MalformedPemException("line " + (at + 1) + " is a PEM boundary out of place");
      }
      at++;
    }
    return List.copyOf(blocks);
  }

  /** For example {@code CERTIFICATE}. */
  String label() {
    return label;
  }

  /** The line of the block's first boundary, from 1. */
  int line() {
    return line;
  }

  byte[] der() {
    return der.clone();
  }

  /** Returns the label and the line; the content may be a key. */
  @Override
  public String toString() {
    return label + " in line " + line;
  }

  private static int endOf(List<String> lines, int begin, int number) throws MalformedPemException {
    for (int i = begin + 1; i < lines.size(); i++) {
      if (lines.get(i).startsWith(DASHES)) {
        if (!lines.get(i).equals(END + label(lines.get(begin)) + DASHES)) {
          throw malformed(number, i, "is not ended by its own END line");
        }
        return i;
      }
    }
    throw malformed(number, begin, "has no END line");
  }

  private static PemBlock block(List<String> lines, int begin, int end, int number)
      throws MalformedPemException {
    List<String> body = lines.subList(begin + 1, end);
    if (body.stream().anyMatch(line -> line.contains(":"))) {
      throw malformed(
          number, begin, "is in the old encrypted form; convert it: openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getDecoder().decode(String.join("", body));
      var outer = new DerReader(der);
      outer.skip();
      outer.end();
      return new PemBlock(label(lines.get(begin)), begin + 1, der);
    } catch (IllegalArgumentException e) {
      throw malformed(number, begin, "is not base64");
    } catch (MalformedDerException e) {
      throw malformed(number, begin, "is not one DER element: " + e.getMessage());
    }
  }

  private static String label(String begin) {
    return begin.substring(BEGIN.length(), begin.length() - DASHES.length());
  }

  private static MalformedPemException malformed(int number, int line, String what) {
    return new MalformedPemException("block " + number + " (line " + (line + 1) + ") " + what);
  }
}
