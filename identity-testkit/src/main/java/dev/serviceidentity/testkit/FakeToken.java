// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a fake credential says in clear text; that anybody can write one is what makes it a fake.
 */
record FakeToken(PrincipalId principal, Instant expiresAt) {
  static String headerName(MechanismName mechanism) {
    return "Fake-" + mechanism;
  }

  /** Reads a field value; empty if it is not one of ours. */
  static Optional<FakeToken> read(String value) {
    int space = value.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FakeToken(
              PrincipalId.parse(value.substring(space + 1)),
              Instant.parse(value.substring(0, space))));
    } catch (IllegalArgumentException | DateTimeException notOurs) {
      return Optional.empty();
    }
  }

  HeaderField field() {
    return new HeaderField(headerName(principal.mechanism()), expiresAt + " " + principal);
  }
}
