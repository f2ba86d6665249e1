// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import java.io.Serial;

/**
 * Text is not the PEM that it should be; the message names the block and the cure, never the
 * content.
 */
public final class MalformedPemException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedPemException(String message) {
    super(message);
  }
}
