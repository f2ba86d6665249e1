// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.TOKEN_MALFORMED;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a token by their types (RFC 7519 section 4.1); nothing is turned into another type.
 *
 * @param members as the JSON has them
 */
record Claims(Map<String, Object> members) {
  /** The end of the year 9999, beyond which times are nonsense. */
  private static final double LATEST = 253_402_300_799.0;

  Optional<String> text(String name) throws RefusedToken {
    Object value = members.get(name);
    require(value == null || value instanceof String, TOKEN_MALFORMED, name + " is no text");
    return Optional.ofNullable((String) value);
  }

  /** A NumericDate; a part of a second counts, rounded down. */
  Optional<Instant> time(String name) throws RefusedToken {
    Object value = members.get(name);
    if (value == null && !members.containsKey(name)) {
      return Optional.empty();
    }
    double seconds = value instanceof Number number ? number.doubleValue() : -1;
    require(seconds >= 0 && seconds <= LATEST, TOKEN_MALFORMED, name + " is no time");
    return Optional.of(Instant.ofEpochMilli((long) (seconds * 1_000)));
  }

  /** One text, or several in an array; none if there is no such claim. */
  List<String> audiences() throws RefusedToken {
    Object value = members.get("aud");
    if (value == null) {
      return List.of();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    require(
        value instanceof List<?> several && several.stream().allMatch(String.class::isInstance),
        TOKEN_MALFORMED,
        "aud is neither text nor an array of texts");
    return ((List<?>) value).stream().map(String.class::cast).toList();
  }

  /** An object in the claims; empty if it is not there. */
  @SuppressWarnings("unchecked")
  Claims part(String name) throws RefusedToken {
    Object value = members.get(name);
    require(value == null || value instanceof Map<?, ?>, TOKEN_MALFORMED, name + " is no object");
    return new Claims(value == null ? Map.of() : (Map<String, Object>) value);
  }
}
