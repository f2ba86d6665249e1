// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of one way of proving identity, such as {@code kerberos} or {@code mtls}.
 *
 * <p>The set is open: a mechanism that this library does not ship names itself with {@link
 * #of(String)}. Immutable and thread-safe.
 *
 * @param value 1 to 32 characters: a lower-case letter, then lower-case letters, digits or hyphens
 */
public record MechanismName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Kerberos 5 by GSS-API and SPNEGO (RFC 4120, RFC 4121, RFC 4559). */
  public static final MechanismName KERBEROS = new MechanismName("kerberos");

  /** Mutual TLS with X.509 certificates (RFC 8446, X.509-SVID). */
  public static final MechanismName MTLS = new MechanismName("mtls");

  /** Projected Kubernetes service-account tokens (KEP-1205). */
  public static final MechanismName SERVICE_ACCOUNT_TOKEN =
      new MechanismName("service-account-token");

  /**
   * Checks the form of the name.
   *
   * @param value the name as it appears in configuration, events and metrics
   * @throws IllegalArgumentException if the name does not have the documented form
   */
  public MechanismName {
    Objects.requireNonNull(value, "value");
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "A mechanism name is 1 to 32 of a-z, 0-9 and '-', starting with a letter");
    }
  }

  /**
   * Names a mechanism.
   *
   * @param value the name
   * @return the mechanism name
   * @throws IllegalArgumentException if the name does not have the documented form
   */
  public static MechanismName of(String value) {
    return new MechanismName(value);
  }

  /** Returns the bare name. */
  @Override
  public String toString() {
    return value;
  }
}
