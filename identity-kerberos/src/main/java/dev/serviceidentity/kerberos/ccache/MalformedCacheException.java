// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import java.io.Serial;

/** What is wrong with the bytes of a credential cache. */
final class MalformedCacheException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedCacheException(String message) {
    super(message);
  }
}
