// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Refuses as an {@link IdentityFilter} does, for what stands behind one and refuses for reasons of
 * its own. Thread-safe.
 */
public final class ProblemAnswers {
  private ProblemAnswers() {}

  /**
   * Answers with status and public reason of a refusal. Its challenges are not written: the filter
   * has done so for its own decision.
   *
   * @param refused what to tell
   * @param request the request
   * @param response takes the answer, unless it has begun already
   * @throws IOException if the response cannot be written
   */
  public static void write(
      Refused refused, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Problem.of(refused).write(request, response);
  }

  /**
   * Answers with a status alone.
   *
   * @param status of HTTP
   * @param request the request
   * @param response takes the answer, unless it has begun already
   * @throws IOException if the response cannot be written
   */
  public static void write(int status, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Problem.of(status).write(request, response);
  }
}
