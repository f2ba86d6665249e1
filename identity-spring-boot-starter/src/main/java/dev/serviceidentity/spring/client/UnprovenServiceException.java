// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import java.io.IOException;
import java.io.Serial;

/**
 * The service that replied has not proven who it is, or has tried to and failed: what it says must
 * not be used. The request may have been carried out.
 */
public final class UnprovenServiceException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  UnprovenServiceException(String message) {
    super(message);
  }
}
