// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.policy.Quote;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What the API server says instead of an answer, or that none comes. */
final class ApiFault extends Exception {
  private static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;

  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  /** The status is 0 where none came. */
  ApiFault(int status, String message) {
    super(message);
    this.status = status;
  }

  /** No answer, for a reason that the client gives. */
  static ApiFault of(String what, @Nullable Throwable why) {
    return new ApiFault(0, what + ": " + Quote.plain(String.valueOf(why)));
  }

  boolean isForbidden() {
    return status == FORBIDDEN;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  boolean isGone() {
    return status == GONE;
  }

  /** Whether the server rejects the request as such, so that it must not be repeated as it was. */
  boolean isOfRequest() {
    return status > 0 && status < SERVER && status != UNAUTHORIZED && status != TOO_MANY;
  }

  /** Returns what happened, for people. */
  @Override
  public String getMessage() {
    String said = String.valueOf(super.getMessage());
    return switch (status) {
      case 0 -> said;
      case UNAUTHORIZED ->
          "the API server does not accept this service's own credentials (401): " + said;
      default -> "the API server answers " + status + ": " + said;
    };
  }
}
