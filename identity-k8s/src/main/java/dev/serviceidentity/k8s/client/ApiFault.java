// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import dev.serviceidentity.k8s.policy.Quote;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What the API server says instead of an answer, or that none comes. */
public final class ApiFault extends Exception {
  private static final int UNAUTHORIZED = 401;

  /** The status of what may not be done. */
  public static final int FORBIDDEN = 403;

  private static final int NOT_FOUND = 404;

  /** The status of a history that is too short. */
  public static final int GONE = 410;

  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;

  @Serial private static final long serialVersionUID = 1L;

  /** Of HTTP; 0 where none came. */
  private final int status;

  /**
   * What the server said.
   *
   * @param status the status of HTTP; 0 where none came
   * @param message what came with it
   */
  public ApiFault(int status, String message) {
    super(message);
    this.status = status;
  }

  /**
   * No answer.
   *
   * @param what what was not possible
   * @param why the reason that the client gives
   * @return the fault
   */
  public static ApiFault of(String what, @Nullable Throwable why) {
    return new ApiFault(0, what + ": " + Quote.plain(String.valueOf(why)));
  }

  /**
   * The status of HTTP.
   *
   * @return 0 where none came
   */
  public int status() {
    return status;
  }

  /**
   * What the server said.
   *
   * @return the message that came with the status
   */
  public String said() {
    return String.valueOf(super.getMessage());
  }

  /**
   * Whether a right is missing.
   *
   * @return true for 403
   */
  public boolean isForbidden() {
    return status == FORBIDDEN;
  }

  /**
   * Whether there is no such thing.
   *
   * @return true for 404
   */
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /**
   * Whether the history that the server keeps is too short.
   *
   * @return true for 410
   */
  public boolean isGone() {
    return status == GONE;
  }

  /**
   * Whether the server rejects the request as such, so that it must not be repeated as it was.
   *
   * @return false where the server, the connection or the own credentials are to blame
   */
  public boolean isOfRequest() {
    return status > 0 && status < SERVER && status != UNAUTHORIZED && status != TOO_MANY;
  }

  /** Returns what happened, for people. */
  @Override
  public String getMessage() {
    return switch (status) {
      case 0 -> said();
      case UNAUTHORIZED ->
          "the API server does not accept this service's own credentials (401): " + said();
      default -> "the API server answers " + status + ": " + said();
    };
  }
}
