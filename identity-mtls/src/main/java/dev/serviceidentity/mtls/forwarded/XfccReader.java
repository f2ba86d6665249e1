// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MALFORMED_ELEMENT;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MALFORMED_QUOTING;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.TOO_MANY_ELEMENTS;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

/**
 * Reads {@code x-forwarded-client-cert} as Envoy writes it: elements separated by commas, the
 * nearest hop's last, each of {@code Key=Value} pairs separated by semicolons. Every element must
 * be well-formed although only the last counts, since where one ends decides what the next one is.
 */
final class XfccReader {
  private static final int MOST_ELEMENTS = 32;
  private static final int MOST_PAIRS = 32;
  private static final int LONGEST_KEY = 32;

  private final String text;
  private int at;

  private XfccReader(String text) {
    this.text = text;
  }

  /** Returns the one element that there is. */
  static ForwardedElement onlyOf(String value) throws RefusedHeaderException {
    return last(value, 1);
  }

  /** Returns what the nearest hop has written, if no name of its client has a comma. */
  static ForwardedElement lastOf(String value) throws RefusedHeaderException {
    return last(value, MOST_ELEMENTS);
  }

  private static ForwardedElement last(String value, int most) throws RefusedHeaderException {
    HeaderText.check(value);
    return new XfccReader(value).last(most);
  }

  private ForwardedElement last(int most) throws RefusedHeaderException {
    int count = 0;
    while (true) {
      require(++count <= most, TOO_MANY_ELEMENTS, "There are more elements than " + most);
      ForwardedElement element = element();
      if (at == text.length()) {
        return element;
      }
      at++; // The comma.
    }
  }

  /** Ends at a comma or at the end. */
  private ForwardedElement element() throws RefusedHeaderException {
    skipSpaces();
    var pairs = new XfccPairs();
    int count = 0;
    while (true) {
      require(++count <= MOST_PAIRS, TOO_MANY_ELEMENTS, "An element has over 32 pairs");
      String key = key();
      pairs.put(key, has('"') ? quoted(key) : plain());
      if (!has(';')) {
        skipSpaces();
        require(
            at == text.length() || has(','), MALFORMED_ELEMENT, place("a separator is missing"));
        return pairs.element();
      }
      at++;
    }
  }

  private String key() throws RefusedHeaderException {
    int start = at;
    while (at < text.length() && HeaderText.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    require(
        at > start && at - start <= LONGEST_KEY && has('='),
        MALFORMED_ELEMENT,
        place("there is no Key="));
    String key = text.substring(start, at);
    at++;
    return key;
  }

  /** What needs quotes must have them. */
  private String plain() throws RefusedHeaderException {
    int start = at;
    while (at < text.length() && ",; \t".indexOf(text.charAt(at)) < 0) {
      require(
          "=\"\\".indexOf(text.charAt(at)) < 0,
          MALFORMED_ELEMENT,
          place("a value has a character that must be quoted"));
      at++;
    }
    return text.substring(start, at);
  }

  /**
   * A backslash keeps the character behind it from ending the value, whichever it is: Envoy puts a
   * subject between quotes as RFC 2253 writes it, and that has an escaped backslash before the
   * closing quote as well as an escaped quote.
   */
  private String quoted(String key) throws RefusedHeaderException {
    int start = ++at;
    while (!has('"')) {
      if (has('\\')) {
        require(XfccPairs.mayBeEscaped(key), MALFORMED_QUOTING, place(key + " has a backslash"));
        at++;
      }
      require(at < text.length(), MALFORMED_QUOTING, place("a quoted value does not end"));
      at++;
    }
    String value = text.substring(start, at);
    at++;
    require(
        at == text.length() || ",; \t".indexOf(text.charAt(at)) >= 0,
        MALFORMED_QUOTING,
        place("something stands behind a closing quote"));
    return value;
  }

  private void skipSpaces() {
    while (at < text.length() && HeaderText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private boolean has(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private String place(String what) {
    return "At character " + (at + 1) + " " + what;
  }
}
