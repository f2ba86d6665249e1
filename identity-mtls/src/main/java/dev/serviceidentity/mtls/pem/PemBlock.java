// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.MalformedDerException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM file (RFC 7468), read strictly: labels that match, base64 and nothing else
 * inside. Text between blocks is allowed, as authorities write names and comments there.
 */
public final class PemBlock {
  private static final String DASHES = "-----";
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String COPY_AGAIN = "copy the whole block again from where it was issued";

  private final String label;
  private final String place;
  private final byte[] der;

  private PemBlock(String label, String place, byte[] der) {
    this.label = label;
    this.place = place;
    this.der = der;
  }

  /**
   * Reads all blocks.
   *
   * @throws MalformedPemException naming the block and its line, what is wrong and what to do
   */
  public static List<PemBlock> parse(String text) throws MalformedPemException {
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
        throw new MalformedPemException(
            "line "
                + (at + 1)
                + " is a boundary out of place; each block begins with its own BEGIN line and ends"
                + " with its own END line");
      }
      at++;
    }
    return List.copyOf(blocks);
  }

  /** For example {@code CERTIFICATE}. */
  public String label() {
    return label;
  }

  /** For example {@code block 1 (line 2)}; both count from 1. */
  public String place() {
    return place;
  }

  public byte[] der() {
    return der.clone();
  }

  /** Returns the label and the place; the content may be a key. */
  @Override
  public String toString() {
    return label + " in " + place;
  }

  private static int endOf(List<String> lines, int begin, int number) throws MalformedPemException {
    String place = place(number, begin);
    if (label(lines.get(begin)).contains(DASHES)) {
      throw new MalformedPemException(
          place + " is all on one line; copy it again with its line breaks");
    }
    for (int i = begin + 1; i < lines.size(); i++) {
      if (lines.get(i).startsWith(DASHES)) {
        if (!lines.get(i).equals(END + label(lines.get(begin)) + DASHES)) {
          throw new MalformedPemException(
              place + " is not ended by its own END line; " + COPY_AGAIN);
        }
        return i;
      }
    }
    throw new MalformedPemException(place + " has no END line: the file is cut off; " + COPY_AGAIN);
  }

  private static PemBlock block(List<String> lines, int begin, int end, int number)
      throws MalformedPemException {
    String place = place(number, begin);
    List<String> body = lines.subList(begin + 1, end);
    if (body.stream().anyMatch(line -> line.contains(":"))) {
      throw new MalformedPemException(
          place + " is in the old encrypted form; convert it: openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getDecoder().decode(String.join("", body));
      var outer = new DerReader(der);
      outer.skip();
      outer.end();
      return new PemBlock(label(lines.get(begin)), place, der);
    } catch (IllegalArgumentException e) {
      throw new MalformedPemException(place + " is not base64; " + COPY_AGAIN);
    } catch (MalformedDerException e) {
      throw new MalformedPemException(
          place + " is cut off or damaged (" + e.getMessage() + "); " + COPY_AGAIN);
    }
  }

  private static String label(String begin) {
    return begin.substring(BEGIN.length(), begin.length() - DASHES.length());
  }

  private static String place(int number, int line) {
    return "block " + number + " (line " + (line + 1) + ")";
  }
}
