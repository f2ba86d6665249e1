// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import java.io.Serial;

/** Bytes are not the DER that they should be. */
public final class MalformedDerException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public MalformedDerException(String message) {
    super(message);
  }
}
