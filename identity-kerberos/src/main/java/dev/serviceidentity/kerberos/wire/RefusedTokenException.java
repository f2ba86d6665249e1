// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import dev.serviceidentity.caller.Reason;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries a rejection out of the readers of a message; never leaves this module. */
public final class RefusedTokenException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient @Nullable Reason reason;

  /**
   * A rejection that has a name. Without a stack trace: hostile tokens must stay cheap.
   *
   * @param reason its name
   * @param detail what is wrong, for the operator
   */
  public RefusedTokenException(Reason reason, String detail) {
    this(detail, reason);
  }

  private RefusedTokenException(String detail, @Nullable Reason reason) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  /**
   * A message that is not of the form that its RFC gives it.
   *
   * @param detail which field, and what is wrong with it
   * @return without a reason: what a malformed message means depends on whose it is
   */
  public static RefusedTokenException malformed(String detail) {
    return new RefusedTokenException(detail, null);
  }

  /**
   * The name of the rejection.
   *
   * @return empty if the message is malformed
   */
  public Optional<Reason> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * What is wrong.
   *
   * @return for the operator, without a secret
   */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
