// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

/**
 * Why somebody was refused, as a stable code with a cure. Implemented by enums only: {@link
 * RefusalReason} here, and one enum in each mechanism for what it alone can find.
 */
public interface Reason {
  /** What a refusal means for the one who was refused. */
  enum Kind {
    /** The caller has not proven who he is: 401. */
    UNAUTHENTICATED(401),
    /** The caller is known and may not: 403. */
    FORBIDDEN(403),
    /** It could not be decided, and so it is refused; it may be decided later: 503. */
    UNDECIDED(503);

    private final int httpStatus;

    Kind(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    /**
     * The HTTP status that says this (RFC 9110 section 15).
     *
     * @return 401, 403 or 503
     */
    public int httpStatus() {
      return httpStatus;
    }
  }

  /**
   * The stable code, as in events and metrics.
   *
   * @return upper-case words joined by underscores
   */
  String name();

  /**
   * What the refusal means.
   *
   * @return never null
   */
  Kind kind();

  /**
   * What the operator of this service, or of the caller, does about it.
   *
   * @return one sentence
   */
  String remedy();
}
