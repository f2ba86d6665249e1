// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.io.Serial;

/** What a KDC has refused, as its KRB-ERROR says it. Anybody on the way can write one. */
public final class KdcRefusedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** Of RFC 4120 section 7.5.9. */
  private final int code;

  KdcRefusedException(KdcError error) {
    super(error.said());
    this.code = error.code();
  }

  /**
   * The number of the error.
   *
   * @return of RFC 4120 section 7.5.9
   */
  public int code() {
    return code;
  }
}
