// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MALFORMED_ELEMENT;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.REPEATED_KEY;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The pairs of one element: URI and DNS as often as they come, the others that count once. */
final class XfccPairs {
  private static final Set<String> ONCE = Set.of("by", "hash", "cert", "chain", "subject");
  private static final Set<String> UNESCAPED = Set.of("by", "hash", "cert", "chain", "uri", "dns");

  private final Map<String, String> once = new HashMap<>();
  private final List<String> uris = new ArrayList<>();
  private final List<String> dnsNames = new ArrayList<>();
  private boolean noUri;

  /** Nothing that counts has a backslash; a subject may, and does not count. */
  static boolean mayBeEscaped(String key) {
    return !UNESCAPED.contains(lower(key));
  }

  /** Keeps what counts; forgets keys that are not known, and names that Envoy writes empty. */
  void put(String key, String value) throws RefusedHeaderException {
    String name = lower(key);
    if (ONCE.contains(name)) {
      require(once.put(name, value) == null, REPEATED_KEY, name + " is there twice");
    } else if (name.equals("uri")) {
      requireUriBelongsHere();
      addUri(value);
    } else if (name.equals("dns") && !value.isEmpty()) {
      dnsNames.add(value);
    }
  }

  /**
   * Envoy writes all URI names, or one empty pair if there is none, and DNS names behind them; it
   * escapes neither. A URI that stands elsewhere is part of another name, one with a semicolon.
   */
  private void requireUriBelongsHere() throws RefusedHeaderException {
    require(
        !noUri && dnsNames.isEmpty(),
        MALFORMED_ELEMENT,
        "A URI stands behind an empty one or behind DNS");
  }

  private void addUri(String value) {
    if (value.isEmpty()) {
      noUri = true;
    } else {
      uris.add(value);
    }
  }

  ForwardedElement element() {
    return new ForwardedElement(
        once.get("by"),
        once.get("hash"),
        once.get("cert"),
        once.get("chain"),
        List.copyOf(uris),
        List.copyOf(dnsNames));
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
