// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The environment does not let this identity work: a file is wrong, an authority does not answer, a
 * credential has expired. The message says what, which identity, and what to do; it never holds a
 * secret.
 *
 * <p>The only unchecked exception of the library for expected trouble. Bad input of a caller is
 * never an exception but a refused verification.
 */
public final class IdentityException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** The kind of trouble, for code that reacts to it. */
  public enum Code {
    /** What the user configured cannot work; nothing changes until it is mended. */
    CONFIGURATION,
    /** The first identity is not there yet. */
    NOT_READY,
    /** The credential is past its real expiry. */
    EXPIRED,
    /** The KDC, certificate authority or API server does not answer. */
    AUTHORITY_UNREACHABLE,
    /** The authority answered and said no. */
    REFUSED,
    /** The identity has been closed. */
    CLOSED
  }

  /** Of what kind this is. */
  private final Code code;

  /**
   * Trouble without an underlying exception.
   *
   * @param code the kind of trouble
   * @param message what, which identity, what to do
   */
  public IdentityException(Code code, String message) {
    this(code, message, null);
  }

  /**
   * Trouble with the exception that caused it.
   *
   * @param code the kind of trouble
   * @param message what, which identity, what to do
   * @param cause the underlying exception; its text must hold no secret
   */
  public IdentityException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /**
   * The kind of trouble.
   *
   * @return never null
   */
  public Code code() {
    return code;
  }
}
