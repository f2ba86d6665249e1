// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Refused;
import java.io.Serial;
import org.springframework.security.core.AuthenticationException;

/** The request was refused. The message is the public reason, which callers may be told. */
public final class RequestRefusedException extends AuthenticationException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Refused refused;

  RequestRefusedException(Refused refused) {
    super(refused.publicReason());
    this.refused = refused;
  }

  /**
   * Where and why, for logs and operators.
   *
   * @return the decision
   */
  public Refused refused() {
    return refused;
  }
}
